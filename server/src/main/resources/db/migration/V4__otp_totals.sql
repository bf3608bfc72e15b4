-- SPDX-License-Identifier: Apache-2.0
-- Running totals of the OTP requests of an application, so that counting does not mean reading all of them: how many there were up to and
-- including a moment, and what became of them. Only requests that cannot change any more are in a total, so a row is never updated.
-- verify_times is on some rows only: how many were verified after how many seconds, up to that moment, too.

CREATE TABLE otp_total (
    application_id ${id} NOT NULL,
    until          TIMESTAMP WITH TIME ZONE NOT NULL,
    sent           BIGINT NOT NULL,
    verified       BIGINT NOT NULL,
    failed         BIGINT NOT NULL,
    expired        BIGINT NOT NULL,
    cancelled      BIGINT NOT NULL,
    superseded     BIGINT NOT NULL,
    verify_times   BYTEA,
    CONSTRAINT otp_total_once PRIMARY KEY (application_id, until),
    CONSTRAINT otp_total_application FOREIGN KEY (application_id) REFERENCES application (id) ON DELETE CASCADE
);
CREATE INDEX otp_request_by_time ON otp_request (application_id, created_at);

-- Lists with a filter: what fits may be rare, and must be found without reading what does not fit.
CREATE INDEX otp_request_by_status ON otp_request (application_id, status, id);
CREATE INDEX otp_request_by_number ON otp_request (application_id, phone_number, id);
