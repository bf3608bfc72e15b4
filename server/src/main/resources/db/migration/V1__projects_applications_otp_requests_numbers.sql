-- SPDX-License-Identifier: Apache-2.0
-- One migration for H2 and PostgreSQL: it says nothing that only one of them understands.
-- How long a text may be is the contract's to say, not the tables'. IDs sort by the time they were made (ULIDs), so "newest first" is
-- the descending order of a key, and every list is an index scan; their type ${id} is a text that is compared byte by byte, whatever the
-- locale of the database.

CREATE TABLE project (
    id         ${id} PRIMARY KEY,
    owner      VARCHAR NOT NULL,
    name       VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX project_of_owner ON project (owner, id);

-- Secrets are here as keyed hashes only. A rotated one goes on working beside its successor until its "_until".
CREATE TABLE application (
    id                      ${id} PRIMARY KEY,
    project_id              ${id} NOT NULL,
    name                    VARCHAR NOT NULL,
    environment             VARCHAR NOT NULL,
    status                  VARCHAR NOT NULL,
    client_id               VARCHAR NOT NULL,
    client_secret_preview   VARCHAR NOT NULL,
    client_secret_hash      BYTEA NOT NULL,
    old_client_secret_hash  BYTEA,
    old_client_secret_until TIMESTAMP WITH TIME ZONE,
    api_key_preview         VARCHAR NOT NULL,
    api_key_hash            BYTEA NOT NULL,
    old_api_key_hash        BYTEA,
    old_api_key_until       TIMESTAMP WITH TIME ZONE,
    created_at              TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at              TIMESTAMP WITH TIME ZONE NOT NULL,
    -- No cascade: a project with applications cannot be deleted.
    CONSTRAINT application_project FOREIGN KEY (project_id) REFERENCES project (id),
    CONSTRAINT application_client_id UNIQUE (client_id),
    CONSTRAINT application_api_key UNIQUE (api_key_hash),
    CONSTRAINT application_old_api_key UNIQUE (old_api_key_hash)
);
CREATE INDEX application_of_project ON application (project_id, id);

-- active_key names the application and the number while the request is pending, and is null afterwards: neither database has a
-- cheaper way in common to say "at most one active OTP per application and number".
CREATE TABLE otp_request (
    id                 ${id} PRIMARY KEY,
    application_id     ${id} NOT NULL,
    phone_number       VARCHAR NOT NULL,
    status             VARCHAR NOT NULL,
    attempts_remaining INTEGER NOT NULL,
    code_hash          BYTEA NOT NULL,
    metadata           VARCHAR NOT NULL,
    active_key         VARCHAR,
    created_at         TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at         TIMESTAMP WITH TIME ZONE NOT NULL,
    verified_at        TIMESTAMP WITH TIME ZONE,
    CONSTRAINT otp_request_application FOREIGN KEY (application_id) REFERENCES application (id) ON DELETE CASCADE,
    CONSTRAINT otp_request_active UNIQUE (active_key),
    CONSTRAINT otp_request_attempts CHECK (attempts_remaining >= 0)
);
CREATE INDEX otp_request_of_application ON otp_request (application_id, id);
-- For the sweep. Few requests are pending, so it never reads past them.
CREATE INDEX otp_request_to_expire ON otp_request (status, expires_at);

-- A number has a row from its first claim on. It is free while owner is null; released_at then says since when it rests.
-- claim_id is new with each claim: the order of a user's list.
CREATE TABLE number (
    phone_number VARCHAR NOT NULL,
    owner        VARCHAR,
    claim_id     ${id} NOT NULL,
    claimed_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    released_at  TIMESTAMP WITH TIME ZONE,
    CONSTRAINT number_one_row PRIMARY KEY (phone_number)
);
CREATE INDEX number_of_owner ON number (owner, claim_id);

-- The inbox. A message lives as long as its code works; numbers without an owner get theirs as well, unread.
CREATE TABLE message (
    id               ${id} PRIMARY KEY,
    otp_request_id   ${id} NOT NULL,
    phone_number     VARCHAR NOT NULL,
    application_name VARCHAR NOT NULL,
    sealed_code      BYTEA NOT NULL,
    received_at      TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at       TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT message_otp_request FOREIGN KEY (otp_request_id) REFERENCES otp_request (id) ON DELETE CASCADE,
    CONSTRAINT message_one_per_request UNIQUE (otp_request_id)
);
CREATE INDEX message_of_number ON message (phone_number, id);

-- A creating request that came with an Idempotency-Key. id is a keyed hash of who, what and the key. status and response are null
-- while it is in flight; whoever holds the reservation works on it, and may be taken for dead after lease_until.
CREATE TABLE idempotent_request (
    id           BYTEA NOT NULL,
    request_hash BYTEA NOT NULL,
    reservation  VARCHAR NOT NULL,
    lease_until  TIMESTAMP WITH TIME ZONE NOT NULL,
    status       INTEGER,
    response     BYTEA,
    expires_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT idempotent_request_once PRIMARY KEY (id)
);
CREATE INDEX idempotent_request_to_expire ON idempotent_request (expires_at);
