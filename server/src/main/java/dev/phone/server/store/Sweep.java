// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs cleanup tasks periodically. Nothing depends on their timing, because reads compare with the clock. Any number of nodes may sweep the same
 * database.
 */
public final class Sweep {
    private static final System.Logger LOG = System.getLogger(Sweep.class.getName());

    private final Duration pause;
    private final List<BooleanSupplier> chores;
    // Stopping does not interrupt: an interrupt in the middle of a statement would close the database's file or socket.
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("sweep").unstarted(this::run);

    /**
     * @param pause the time between two rounds
     * @param chores the tasks; each processes a batch, and returns whether there is more
     */
    public Sweep(Duration pause, List<BooleanSupplier> chores) {
        this.pause = pause;
        this.chores = List.copyOf(chores);
    }

    /** Starts the thread. Call it once. */
    public void start() {
        thread.start();
    }

    /** Whether the thread is running. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /**
     * Stops after the current batch, and returns when it is done. Does nothing if it was not started.
     *
     * @param patience how long to wait for it; a batch that is not done is rolled back when the database is closed
     */
    public void stop(Duration patience) {
        stopping.countDown();
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(patience)) {
                LOG.log(System.Logger.Level.WARNING, "The sweep has not ended within {0}; its batch will be rolled back", patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            do {
                once();
            } while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // An interrupt ends this thread.
        }
    }

    /** One round: runs every task until there is nothing more to do. */
    void once() {
        for (BooleanSupplier chore : chores) {
            try {
                while (chore.getAsBoolean() && stopping.getCount() > 0) {
                    // Continue with the next batch.
                }
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.WARNING, "The sweep failed and will be retried in " + pause, e);
            }
        }
    }
}
