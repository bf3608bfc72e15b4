// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Clears away what is over, now and then. Nothing depends on it being in time: whoever reads looks at the clock. Any number of nodes may
 * sweep the same database.
 */
public final class Sweep {
    private static final System.Logger LOG = System.getLogger(Sweep.class.getName());

    private final Duration pause;
    private final List<BooleanSupplier> chores;
    // Stopping does not interrupt: an interrupt in the middle of a statement would close the database's file or socket.
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("sweep").unstarted(this::run);

    /**
     * @param pause between two rounds
     * @param chores each does a limited piece of work, and says whether there is more of it
     */
    public Sweep(Duration pause, List<BooleanSupplier> chores) {
        this.pause = pause;
        this.chores = List.copyOf(chores);
    }

    /** Once. */
    public void start() {
        thread.start();
    }

    /** Whether it goes on. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Returns when the piece of work at hand is done. Does nothing when it was not started. */
    public void stop() {
        stopping.countDown();
        try {
            thread.join();
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

    /** One round: every chore until there is nothing more to do. */
    void once() {
        for (BooleanSupplier chore : chores) {
            try {
                while (chore.getAsBoolean() && stopping.getCount() > 0) {
                    // The next piece.
                }
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.WARNING, "The sweep failed, and will be tried again in " + pause, e);
            }
        }
    }
}
