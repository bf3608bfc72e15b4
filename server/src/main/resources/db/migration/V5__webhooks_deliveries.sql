-- SPDX-License-Identifier: Apache-2.0
-- Webhooks, and what is on its way to them.

-- Secrets are sealed: to sign takes the secret itself. A rotated one signs beside its successor until its "_until".
-- failing_since is null unless the last attempt failed: then it is when the first one since the last success did.
CREATE TABLE webhook (
    id                ${id} PRIMARY KEY,
    application_id    ${id} NOT NULL,
    url               VARCHAR NOT NULL,
    events            VARCHAR NOT NULL,
    status            VARCHAR NOT NULL,
    secret_preview    VARCHAR NOT NULL,
    sealed_secret     BYTEA NOT NULL,
    old_sealed_secret BYTEA,
    old_secret_until  TIMESTAMP WITH TIME ZONE,
    failing_since     TIMESTAMP WITH TIME ZONE,
    created_at        TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at        TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT webhook_application FOREIGN KEY (application_id) REFERENCES application (id) ON DELETE CASCADE
);
CREATE INDEX webhook_of_application ON webhook (application_id, id);

-- One event for one webhook. payload is what is sent, each time the same; attempts is what came of it so far, as the API shows it.
-- due_at is when a dispatcher has to look at it, and null when it is over: next_attempt_at, or while claimed_by is at it, the end of the
-- lease, after which that node counts as dead. round counts how often somebody asked for it to be delivered again; tries counts within it.
CREATE TABLE delivery (
    id              ${id} PRIMARY KEY,
    webhook_id      ${id} NOT NULL,
    event_id        ${id} NOT NULL,
    event_type      VARCHAR NOT NULL,
    payload         VARCHAR NOT NULL,
    status          VARCHAR NOT NULL,
    attempts        VARCHAR NOT NULL,
    round           INTEGER NOT NULL,
    tries           INTEGER NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE,
    due_at          TIMESTAMP WITH TIME ZONE,
    claimed_by      VARCHAR,
    created_at      TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT delivery_webhook FOREIGN KEY (webhook_id) REFERENCES webhook (id) ON DELETE CASCADE
);
CREATE INDEX delivery_of_webhook ON delivery (webhook_id, id);
-- For the dispatchers, which look for what is due at one webhook after the other.
CREATE INDEX delivery_due ON delivery (webhook_id, due_at);
