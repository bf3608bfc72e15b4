// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.api.Schema;
import dev.phone.api.TimeToVerify;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many requests were verified how many seconds after they were sent. Whole seconds, a part of one counting as one; what took longer than
 * the contract says counts as so long.
 */
final class VerifyTimes {
    private static final int LONGEST = ((Schema.Numeric) ((Schema.Properties) TimeToVerify.SCHEMA).property("median")).maximum().intValue();

    private final TreeMap<Integer, Long> bySeconds = new TreeMap<>();

    void add(Duration time) {
        bySeconds.merge(Math.clamp(time.plusMillis(999).toSeconds(), 0, LONGEST), 1L, Long::sum);
    }

    void add(VerifyTimes others) {
        others.bySeconds.forEach((seconds, count) -> bySeconds.merge(seconds, count, Long::sum));
    }

    void subtract(VerifyTimes others) {
        others.bySeconds.forEach((seconds, count) -> bySeconds.merge(seconds, -count, (a, b) -> a + b == 0 ? null : a + b));
    }

    /** A percentile of the seconds that verifying took, by nearest rank; null when nothing was verified. @param percent 1 to 100 */
    Integer percentile(int percent) {
        long all = bySeconds.values().stream().mapToLong(Long::longValue).sum();
        long rank = (all * percent + 99) / 100;
        long seen = 0;
        for (Map.Entry<Integer, Long> each : bySeconds.entrySet()) {
            seen += each.getValue();
            if (seen >= rank) {
                return each.getKey();
            }
        }
        return null;
    }

    byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(bySeconds.size() * (Short.BYTES + Long.BYTES));
        bySeconds.forEach((seconds, count) -> buffer.putShort(seconds.shortValue()).putLong(count));
        return buffer.array();
    }

    static VerifyTimes read(byte[] bytes) {
        VerifyTimes times = new VerifyTimes();
        for (ByteBuffer buffer = ByteBuffer.wrap(bytes); buffer.hasRemaining(); ) {
            times.bySeconds.put((int) buffer.getShort(), buffer.getLong());
        }
        return times;
    }
}
