// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.conversation;

import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.trace.Parity;
import dev.phone.contracttests.trace.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Plays generated conversations against two targets in lockstep, and shrinks those that show a difference. */
public final class Lockstep {
    private static final AtomicInteger CONVERSATIONS = new AtomicInteger();

    private final Target one;
    private final Target other;
    private int steps;

    public Lockstep(Target one, Target other) {
        this.one = one;
        this.other = other;
    }

    /** The number of steps sent to each target. */
    public int steps() {
        return steps;
    }

    /**
     * Plays a new conversation.
     *
     * @return a report of the first difference, shrunk; null if there is none
     */
    public String play(long seed, int length) {
        Generator generator = new Generator(seed);
        Conversation conversation = new Conversation();
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            Turn turn = generator.next(i);
            turns.add(turn);
            if (!conversation.play(turn)) {
                return report(seed, shrunk(turns), conversation.differences);
            }
            generator.seen(turn, conversation.last());
        }
        return null;
    }

    /** Removes turns, in smaller and smaller chunks, as long as the rest still ends in a difference. */
    private List<Turn> shrunk(List<Turn> turns) {
        List<Turn> shortest = turns;
        for (int size = Math.max(1, shortest.size() / 2); size >= 1; size /= 2) {
            for (int from = shortest.size() - 1 - size; from >= 0; from -= size) {
                List<Turn> shorter = new ArrayList<>(shortest);
                shorter.subList(from, from + size).clear();
                if (differs(shorter)) {
                    shortest = shorter;
                }
            }
        }
        return shortest;
    }

    private boolean differs(List<Turn> turns) {
        Conversation conversation = new Conversation();
        for (int i = 0; i < turns.size(); i++) {
            if (!conversation.play(turns.get(i))) {
                return i == turns.size() - 1;
            }
        }
        return false;
    }

    private String report(long seed, List<Turn> turns, List<String> atFirst) {
        Conversation conversation = new Conversation();
        turns.forEach(conversation::play);
        if (conversation.differences.isEmpty()) {
            return "seed " + seed + ": a difference that did not recur: " + String.join("; ", atFirst) + "\n" + Turn.print(turns);
        }
        return Parity.report("seed " + seed + ": " + one.name() + " | " + other.name(), conversation.steps, conversation.otherLast,
                conversation.differences, one.url().toString())
                + "\n  As a test, to be pasted into ConversationsTest:\n    @Test\n    void seed" + Long.toUnsignedString(seed) + "() {\n        play(\"\"\"\n"
                + Turn.print(turns).replace("\\", "\\\\").indent(16) + "                \"\"\");\n    }";
    }

    /** Both sides of one conversation. */
    private final class Conversation {
        private final int number = CONVERSATIONS.incrementAndGet();
        private final Player onOne = new Player(one, number);
        private final Player onOther = new Player(other, number);
        private final Parity parity = new Parity();
        private final List<Step> steps = new ArrayList<>();
        private Step otherLast;
        private List<String> differences = List.of();

        /** @return whether both gave the same response */
        boolean play(Turn turn) {
            Step step = onOne.play(turn);
            Step otherStep = onOther.play(turn);
            if (step == null && otherStep == null) {
                return true;
            }
            if (step == null || otherStep == null) {
                differences = List.of("turn " + turn.number() + " can be sent to one target only: a value that it refers to is missing in an earlier response of the other");
                return false;
            }
            Lockstep.this.steps++;
            steps.add(step);
            otherLast = otherStep;
            differences = parity.compare(step, otherStep);
            return differences.isEmpty();
        }

        Step last() {
            return steps.isEmpty() ? null : steps.getLast();
        }
    }
}
