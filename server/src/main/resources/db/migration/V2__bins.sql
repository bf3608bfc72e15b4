-- SPDX-License-Identifier: Apache-2.0
-- Echo bins. Whoever knows the ID can use one; it begins with the time, so the oldest are the smallest.

CREATE TABLE bin (
    id         ${id} PRIMARY KEY,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX bin_to_expire ON bin (expires_at);

CREATE TABLE bin_event (
    id          ${id} PRIMARY KEY,
    bin_id      ${id} NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    headers     VARCHAR NOT NULL,
    body        VARCHAR NOT NULL,
    CONSTRAINT bin_event_bin FOREIGN KEY (bin_id) REFERENCES bin (id) ON DELETE CASCADE
);
CREATE INDEX bin_event_of_bin ON bin_event (bin_id, id);
