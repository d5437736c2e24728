-- The enumerations of listmonk 6.2.0. Their names and values reach clients in error texts.
CREATE TYPE list_type           AS ENUM ('public', 'private', 'temporary');
CREATE TYPE list_optin          AS ENUM ('single', 'double');
CREATE TYPE list_status         AS ENUM ('active', 'archived');
CREATE TYPE subscriber_status   AS ENUM ('enabled', 'disabled', 'blocklisted');
CREATE TYPE subscription_status AS ENUM ('unconfirmed', 'confirmed', 'unsubscribed');
CREATE TYPE campaign_status     AS ENUM ('draft', 'running', 'scheduled', 'paused', 'cancelled', 'finished');
CREATE TYPE campaign_type       AS ENUM ('regular', 'optin');
CREATE TYPE content_type        AS ENUM ('richtext', 'html', 'plain', 'markdown', 'visual');
CREATE TYPE bounce_type         AS ENUM ('soft', 'hard', 'complaint');
CREATE TYPE template_type       AS ENUM ('campaign', 'campaign_visual', 'tx');
CREATE TYPE user_type           AS ENUM ('user', 'api');
CREATE TYPE user_status         AS ENUM ('enabled', 'disabled');
CREATE TYPE role_type           AS ENUM ('user', 'list');
CREATE TYPE twofa_type          AS ENUM ('none', 'totp');
