-- SPDX-License-Identifier: Apache-2.0
-- What applications requested. There are many rows, and they are written in batches, off the requests' path; so nothing refers to an
-- application: whoever reads asks for the owner first, and what is left of one that was deleted goes when it is old.
-- Each way to list them is an index of its own: one filter may fit one row of ten million.

CREATE TABLE request_log (
    id             ${id} NOT NULL,
    application_id ${id} NOT NULL,
    operation_id   VARCHAR NOT NULL,
    method         VARCHAR NOT NULL,
    path           VARCHAR NOT NULL,
    status         INTEGER NOT NULL,
    error_code     VARCHAR,
    duration_ms    INTEGER NOT NULL,
    created_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT request_log_once PRIMARY KEY (application_id, id)
);
CREATE INDEX request_log_by_status ON request_log (application_id, status, id);
CREATE INDEX request_log_by_operation ON request_log (application_id, operation_id, id);
CREATE INDEX request_log_by_both ON request_log (application_id, operation_id, status, id);
CREATE INDEX request_log_to_delete ON request_log (created_at);
