-- Subscribers, lists and who is on which list.
CREATE TABLE subscribers (
    id         serial PRIMARY KEY,
    uuid       uuid NOT NULL UNIQUE,
    email      text NOT NULL UNIQUE,
    name       text NOT NULL,
    attribs    jsonb NOT NULL DEFAULT '{}',
    status     subscriber_status NOT NULL DEFAULT 'enabled',
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);
CREATE UNIQUE INDEX idx_subs_email ON subscribers (lower(email));
CREATE INDEX idx_subs_status ON subscribers (status);
CREATE INDEX idx_subs_id_status ON subscribers (id, status);
CREATE INDEX idx_subs_created_at ON subscribers (created_at);
CREATE INDEX idx_subs_updated_at ON subscribers (updated_at);

CREATE TABLE lists (
    id          serial PRIMARY KEY,
    uuid        uuid NOT NULL UNIQUE,
    name        text NOT NULL,
    type        list_type NOT NULL,
    optin       list_optin NOT NULL DEFAULT 'single',
    status      list_status NOT NULL DEFAULT 'active',
    tags        varchar(100)[],
    description text NOT NULL DEFAULT '',
    created_at  timestamptz DEFAULT now(),
    updated_at  timestamptz DEFAULT now()
);
CREATE INDEX idx_lists_type ON lists (type);
CREATE INDEX idx_lists_optin ON lists (optin);
CREATE INDEX idx_lists_status ON lists (status);
CREATE INDEX idx_lists_name ON lists (name);
CREATE INDEX idx_lists_created_at ON lists (created_at);
CREATE INDEX idx_lists_updated_at ON lists (updated_at);

CREATE TABLE subscriber_lists (
    subscriber_id integer REFERENCES subscribers (id) ON DELETE CASCADE ON UPDATE CASCADE,
    list_id       integer REFERENCES lists (id) ON DELETE CASCADE ON UPDATE CASCADE,
    meta          jsonb NOT NULL DEFAULT '{}',
    status        subscription_status NOT NULL DEFAULT 'unconfirmed',
    created_at    timestamptz DEFAULT now(),
    updated_at    timestamptz DEFAULT now(),
    PRIMARY KEY (subscriber_id, list_id)
);
CREATE INDEX idx_sub_lists_sub_id ON subscriber_lists (subscriber_id);
CREATE INDEX idx_sub_lists_list_id ON subscriber_lists (list_id);
CREATE INDEX idx_sub_lists_status ON subscriber_lists (status);
