// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.server.number.Inbox;
import dev.phone.server.store.Database;
import dev.phone.server.webhook.Events;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Marks requests as expired some time after they have expired, deletes their messages, and publishes the events. */
public final class Expiry {
    private static final int BATCH = 100;

    private final Database database;
    private final OtpStore otps;
    private final Inbox inbox;
    private final Events events;
    private final Clock clock;

    public Expiry(Database database, OtpStore otps, Inbox inbox, Events events, Clock clock) {
        this.database = database;
        this.otps = otps;
        this.inbox = inbox;
        this.events = events;
        this.clock = clock;
    }

    /** Processes a batch. @return whether there may be more */
    public boolean sweep() {
        Instant now = clock.instant();
        return database.transaction(tx -> {
            List<Otp> overdue = otps.lockOverdue(tx, now, BATCH);
            for (Otp otp : overdue) {
                Otp expired = otp.expired();
                otps.update(tx, expired);
                inbox.remove(tx, otp.request().id());
                events.publish(tx, expired.end(), expired.request());
            }
            return overdue.size() == BATCH;
        });
    }
}
