// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The mock's clock: the machine's time, until it is frozen, set or moved. */
public final class MockClock implements InstantSource {

    /** @param offset in milliseconds @param frozen null while the clock is running */
    private record Reading(long offset, Instant frozen) {
    }

    // Expiry times must still have a year of four digits.
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

    /** Stops the clock at the current time. */
    public void freeze() {
        freeze(instant());
    }

    /** Stops the clock at an instant. @throws DateTimeException outside of the years 0000 to 9999, which RFC 3339 can express */
    public void freeze(Instant at) {
        change(new Reading(reading.offset, at));
    }

    /**
     * Moves the clock, frozen or not. Everything that becomes due has happened when this returns.
     *
     * @throws DateTimeException like {@link #freeze(Instant)}
     */
    public synchronized void advance(Duration by) {
        Reading r = reading;
        change(r.frozen != null ? new Reading(r.offset, r.frozen.plus(by)) : new Reading(Math.addExact(r.offset, by.toMillis()), null));
    }

    /** Resets the clock to the machine's time. */
    public void reset() {
        change(new Reading(0, null));
    }

    private void change(Reading changed) {
        Instant now = changed.frozen != null ? changed.frozen : Instant.ofEpochMilli(Math.addExact(machine.millis(), changed.offset));
        if (now.isBefore(FIRST) || !now.isBefore(LAST)) {
            throw new DateTimeException("the clock must be from " + FIRST + " to " + LAST);
        }
        reading = changed;
        listeners.forEach(Runnable::run);
    }

    /** Adds a listener that is called after each change of the clock, but not as time passes. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
