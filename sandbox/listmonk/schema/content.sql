-- Templates, media, campaigns and what is measured about them.
CREATE TABLE templates (
    id          serial PRIMARY KEY,
    name        text NOT NULL,
    type        template_type NOT NULL DEFAULT 'campaign',
    subject     text NOT NULL,
    body        text NOT NULL,
    body_source text,
    is_default  boolean NOT NULL DEFAULT false,
    created_at  timestamptz DEFAULT now(),
    updated_at  timestamptz DEFAULT now()
);
CREATE UNIQUE INDEX templates_is_default_idx ON templates (is_default) WHERE is_default;

CREATE TABLE campaigns (
    id                  serial PRIMARY KEY,
    uuid                uuid NOT NULL UNIQUE,
    name                text NOT NULL,
    subject             text NOT NULL,
    from_email          text NOT NULL,
    body                text NOT NULL,
    body_source         text,
    altbody             text,
    content_type        content_type NOT NULL DEFAULT 'richtext',
    send_at             timestamptz,
    headers             jsonb NOT NULL DEFAULT '[]',
    attribs             jsonb NOT NULL DEFAULT '{}',
    status              campaign_status NOT NULL DEFAULT 'draft',
    tags                varchar(100)[],
    type                campaign_type DEFAULT 'regular',
    messenger           text NOT NULL,
    template_id         integer REFERENCES templates (id) ON DELETE SET NULL,
    to_send             integer NOT NULL DEFAULT 0,
    sent                integer NOT NULL DEFAULT 0,
    max_subscriber_id   integer NOT NULL DEFAULT 0,
    last_subscriber_id  integer NOT NULL DEFAULT 0,
    archive             boolean NOT NULL DEFAULT false,
    archive_slug        text UNIQUE,
    archive_template_id integer REFERENCES templates (id) ON DELETE SET NULL,
    archive_meta        jsonb NOT NULL DEFAULT '{}',
    started_at          timestamptz,
    created_at          timestamptz DEFAULT now(),
    updated_at          timestamptz DEFAULT now()
);
CREATE INDEX idx_camps_status ON campaigns (status);
CREATE INDEX idx_camps_name ON campaigns (name);
CREATE INDEX idx_camps_created_at ON campaigns (created_at);
CREATE INDEX idx_camps_updated_at ON campaigns (updated_at);

CREATE TABLE campaign_lists (
    id          bigserial PRIMARY KEY,
    campaign_id integer NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE ON UPDATE CASCADE,
    list_id     integer REFERENCES lists (id) ON DELETE SET NULL ON UPDATE CASCADE,
    list_name   text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX campaign_lists_campaign_id_list_id_idx ON campaign_lists (campaign_id, list_id);
CREATE INDEX idx_camp_lists_camp_id ON campaign_lists (campaign_id);
CREATE INDEX idx_camp_lists_list_id ON campaign_lists (list_id);

CREATE TABLE campaign_views (
    id            bigserial PRIMARY KEY,
    campaign_id   integer NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE ON UPDATE CASCADE,
    subscriber_id integer REFERENCES subscribers (id) ON DELETE SET NULL ON UPDATE CASCADE,
    created_at    timestamptz DEFAULT now()
);
CREATE INDEX idx_views_camp_id ON campaign_views (campaign_id);
CREATE INDEX idx_views_subscriber_id ON campaign_views (subscriber_id);
CREATE INDEX idx_views_date ON campaign_views (created_at);

CREATE TABLE media (
    id           serial PRIMARY KEY,
    uuid         uuid NOT NULL UNIQUE,
    provider     text NOT NULL DEFAULT '',
    filename     text NOT NULL,
    content_type text NOT NULL DEFAULT 'application/octet-stream',
    thumb        text NOT NULL,
    meta         jsonb NOT NULL DEFAULT '{}',
    created_at   timestamptz DEFAULT now()
);
CREATE INDEX idx_media_filename ON media (provider, filename);

CREATE TABLE campaign_media (
    campaign_id integer REFERENCES campaigns (id) ON DELETE CASCADE ON UPDATE CASCADE,
    media_id    integer REFERENCES media (id) ON DELETE SET NULL ON UPDATE CASCADE,
    filename    text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX idx_camp_media_id ON campaign_media (campaign_id, media_id);
CREATE INDEX idx_camp_media_camp_id ON campaign_media (campaign_id);

CREATE TABLE links (
    id         serial PRIMARY KEY,
    uuid       uuid NOT NULL UNIQUE,
    url        text NOT NULL UNIQUE,
    created_at timestamptz DEFAULT now()
);

CREATE TABLE link_clicks (
    id            bigserial PRIMARY KEY,
    campaign_id   integer REFERENCES campaigns (id) ON DELETE CASCADE ON UPDATE CASCADE,
    link_id       integer NOT NULL REFERENCES links (id) ON DELETE CASCADE ON UPDATE CASCADE,
    subscriber_id integer REFERENCES subscribers (id) ON DELETE SET NULL ON UPDATE CASCADE,
    created_at    timestamptz DEFAULT now()
);
CREATE INDEX idx_clicks_camp_id ON link_clicks (campaign_id);
CREATE INDEX idx_clicks_link_id ON link_clicks (link_id);
CREATE INDEX idx_clicks_sub_id ON link_clicks (subscriber_id);
CREATE INDEX idx_clicks_date ON link_clicks (created_at);

CREATE TABLE bounces (
    id            serial PRIMARY KEY,
    subscriber_id integer NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE ON UPDATE CASCADE,
    campaign_id   integer REFERENCES campaigns (id) ON DELETE SET NULL ON UPDATE CASCADE,
    type          bounce_type NOT NULL DEFAULT 'hard',
    source        text NOT NULL DEFAULT '',
    meta          jsonb NOT NULL DEFAULT '{}',
    created_at    timestamptz DEFAULT now()
);
CREATE INDEX idx_bounces_sub_id ON bounces (subscriber_id);
CREATE INDEX idx_bounces_camp_id ON bounces (campaign_id);
CREATE INDEX idx_bounces_source ON bounces (source);
CREATE INDEX idx_bounces_date ON bounces (created_at);
