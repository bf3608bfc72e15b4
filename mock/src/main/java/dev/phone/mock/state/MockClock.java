// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The mock's own time: the machine's, until it is frozen, set or moved. */
public final class MockClock implements InstantSource {

    /** @param offset in milliseconds. @param frozen null while time goes by */
    private record Reading(long offset, Instant frozen) {
    }

    // What lasts a while must still end in a year of four digits.
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private final InstantSource machine;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Reading reading = new Reading(0, null);

    public MockClock(InstantSource machine) {
        this.machine = machine;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        Reading r = reading;
        return r.frozen != null ? r.frozen.toEpochMilli() : machine.millis() + r.offset;
    }

    public boolean isFrozen() {
        return reading.frozen != null;
    }

    /** Stops the clock where it is. */
    public void freeze() {
        freeze(instant());
    }

    /** Stops the clock at an instant. @throws DateTimeException outside the years that RFC 3339 can write */
    public void freeze(Instant at) {
        change(new Reading(reading.offset, at));
    }

    /** Moves the clock, frozen or not. What falls due in the meantime has happened when this returns. @throws DateTimeException as above */
    public synchronized void advance(Duration by) {
        Reading r = reading;
        change(r.frozen != null ? new Reading(r.offset, r.frozen.plus(by)) : new Reading(Math.addExact(r.offset, by.toMillis()), null));
    }

    /** Back to the time of the machine. */
    public void reset() {
        change(new Reading(0, null));
    }

    private void change(Reading changed) {
        Instant now = changed.frozen != null ? changed.frozen : Instant.ofEpochMilli(Math.addExact(machine.millis(), changed.offset));
        if (now.isBefore(FIRST) || !now.isBefore(LAST)) {
            throw new DateTimeException("the clock goes from " + FIRST + " to " + LAST);
        }
        reading = changed;
        listeners.forEach(Runnable::run);
    }

    /** Is run after each change of the clock, and not as time goes by. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
