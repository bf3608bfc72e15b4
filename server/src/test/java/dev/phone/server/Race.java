// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Many doing something at the same moment. */
public final class Race {
    public static final int THREADS = 64;
    public static final int ROUNDS = 50;

    /** How long a race without its guard is run. It is lost within a second or two; a machine that does much else may need longer. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private Race() {
    }

    /** Runs a race without its guard until something goes wrong, as it must if the guard is good for anything. @param lost null when nothing went wrong */
    public static void mustBeLost(Supplier<?> lost) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        do {
            if (lost.get() != null) {
                return;
            }
        } while (System.nanoTime() < end);
        throw new AssertionError("the guard changes nothing");
    }

    /** What one of them got: a result or an exception. */
    public record Outcome<T>(T result, RuntimeException failure) {
    }

    /** @param runner is told its number, from 0 */
    public static <T> List<Outcome<T>> run(IntFunction<T> runner) {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome<T>>> runners = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                runners.add(threads.submit(() -> {
                    start.await();
                    try {
                        return new Outcome<>(runner.apply(number), null);
                    } catch (RuntimeException e) {
                        return new Outcome<>(null, e);
                    }
                }));
            }
            start.countDown();
            List<Outcome<T>> outcomes = new ArrayList<>();
            for (Future<Outcome<T>> one : runners) {
                outcomes.add(one.get());
            }
            return outcomes;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a runner broke", e);
        }
    }
}
