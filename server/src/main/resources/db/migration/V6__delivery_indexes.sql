-- SPDX-License-Identifier: Apache-2.0
-- For lists by status, and for the number and age of what is due.

CREATE INDEX delivery_by_status ON delivery (webhook_id, status, id);
CREATE INDEX delivery_due_at ON delivery (due_at);
