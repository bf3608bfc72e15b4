// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SweepTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void aChoreIsDoneUntilThereIsNoMoreOfIt() {
        AtomicInteger pieces = new AtomicInteger();
        new Sweep(Duration.ofHours(1), List.of(() -> pieces.incrementAndGet() < 7)).once();
        assertEquals(7, pieces.get());
    }

    @Test
    void aChoreThatFailsDoesNotKeepTheNextFromBeingDone() {
        AtomicInteger done = new AtomicInteger();
        new Sweep(Duration.ofHours(1), List.of(
                () -> {
                    throw new IllegalStateException("on purpose");
                },
                () -> done.incrementAndGet() < 1)).once();
        assertEquals(1, done.get());
    }

    @Test
    void itGoesOnUntilItIsStopped() throws Exception {
        CountDownLatch rounds = new CountDownLatch(3);
        Sweep sweep = new Sweep(Duration.ofMillis(1), List.of(() -> {
            rounds.countDown();
            return false;
        }));
        sweep.start();
        assertTrue(rounds.await(10, TimeUnit.SECONDS));
        sweep.stop(PATIENCE);
    }

    @Test
    void stoppingEndsAnEndlessChoreAndWaitsForIt() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicInteger pieces = new AtomicInteger();
        Sweep sweep = new Sweep(Duration.ofHours(1), List.of(() -> {
            started.countDown();
            pieces.incrementAndGet();
            return true;
        }));
        sweep.start();
        assertTrue(started.await(10, TimeUnit.SECONDS));
        sweep.stop(PATIENCE);
        int stopped = pieces.get();
        Thread.sleep(20);
        assertEquals(stopped, pieces.get());
    }

    @Test
    void aBatchThatDoesNotEndDoesNotHoldUpTheStop() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Sweep sweep = new Sweep(Duration.ofHours(1), List.of(() -> {
            started.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError("an interrupt would close the database's file", e);
            }
            return false;
        }));
        sweep.start();
        assertTrue(started.await(10, TimeUnit.SECONDS));
        Thread stopping = Thread.startVirtualThread(() -> sweep.stop(Duration.ofMillis(20)));
        assertTrue(stopping.join(Duration.ofSeconds(10)));
        assertTrue(sweep.isAlive());
        end.countDown();
    }

    @Test
    void stoppingWhatNeverStartedIsFine() {
        new Sweep(Duration.ofHours(1), List.of()).stop(PATIENCE);
    }
}
