// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.api.Schema;
import dev.phone.api.TimeToVerify;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A histogram of the times from sending to verification, in seconds, rounded up. Longer times than the OTP lifetime count as the lifetime. */
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

    /** A percentile of the time to verify, in seconds, by nearest rank; null if nothing was verified. @param percent 1 to 100 */
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
