-- Settings, roles, users and their sessions. Constraint and index names reach clients in error texts.
CREATE TABLE settings (
    key        text NOT NULL UNIQUE,
    value      jsonb NOT NULL DEFAULT '{}',
    updated_at timestamptz DEFAULT now()
);
CREATE INDEX idx_settings_key ON settings (key);

-- A list role is a row with a name, and one child row for each list that it opens.
CREATE TABLE roles (
    id          serial PRIMARY KEY,
    type        role_type NOT NULL DEFAULT 'user',
    parent_id   integer REFERENCES roles (id) ON DELETE CASCADE ON UPDATE CASCADE,
    list_id     integer REFERENCES lists (id) ON DELETE CASCADE ON UPDATE CASCADE,
    permissions text[] NOT NULL DEFAULT '{}',
    name        text,
    created_at  timestamptz DEFAULT now(),
    updated_at  timestamptz DEFAULT now()
);
CREATE UNIQUE INDEX idx_roles ON roles (parent_id, list_id);
CREATE UNIQUE INDEX idx_roles_name ON roles (type, name) WHERE name IS NOT NULL;

CREATE TABLE users (
    id             serial PRIMARY KEY,
    username       text NOT NULL UNIQUE,
    password_login boolean NOT NULL DEFAULT false,
    password       text,
    email          text NOT NULL UNIQUE,
    name           text NOT NULL,
    avatar         text,
    type           user_type NOT NULL DEFAULT 'user',
    user_role_id   integer NOT NULL REFERENCES roles (id) ON DELETE RESTRICT,
    list_role_id   integer REFERENCES roles (id) ON DELETE CASCADE,
    status         user_status NOT NULL DEFAULT 'disabled',
    twofa_type     twofa_type NOT NULL DEFAULT 'none',
    twofa_key      text,
    loggedin_at    timestamptz,
    created_at     timestamptz DEFAULT now(),
    updated_at     timestamptz DEFAULT now()
);

CREATE TABLE sessions (
    id         text NOT NULL PRIMARY KEY,
    data       jsonb NOT NULL DEFAULT '{}',
    created_at timestamp NOT NULL DEFAULT now()
);
CREATE INDEX idx_sessions ON sessions (id, created_at);
