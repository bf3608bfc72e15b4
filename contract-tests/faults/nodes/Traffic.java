// SPDX-License-Identifier: Apache-2.0

import dev.phone.api.Operation;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What is under way between shops and nodes. */
final class Traffic {
    private final LongAdder[] acknowledged = Stream.generate(LongAdder::new).limit(Cluster.NODES).toArray(LongAdder[]::new);
    private final LongAccumulator[] longest = Stream.generate(() -> new LongAccumulator(Math::max, 0)).limit(Cluster.NODES).toArray(LongAccumulator[]::new);
    private final Map<String, LongAdder> changes = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private volatile boolean over;

    boolean goesOn() {
        return !over;
    }

    void end() {
        over = true;
    }

    void answered(int node, Operation operation, Api.Answer answer) {
        longest[node].accumulate(answer.end() - answer.start());
        if (answer.status() == 500) {
            failed.increment();
            return;
        }
        acknowledged[node].increment();
        if (answer.succeeded()) {
            changes.computeIfAbsent(operation.id(), id -> new LongAdder()).increment();
        } else {
            refused.increment();
        }
    }

    void unanswered() {
        unanswered.increment();
    }

    /** How many requests a node has acknowledged. */
    long acknowledged(int node) {
        return acknowledged[node].sum();
    }

    /** How many answers were a 500. */
    long failed() {
        return failed.sum();
    }

    long notAnswered() {
        return unanswered.sum();
    }

    /** The longest answer of a node since this was asked last, in milliseconds. */
    long longest(int node) {
        return longest[node].getThenReset() / 1_000_000;
    }

    @Override
    public String toString() {
        Map<String, LongAdder> sorted = new TreeMap<>(changes);
        return sorted + ", refused=" + refused + ", 500=" + failed + ", unanswered=" + unanswered;
    }
}
