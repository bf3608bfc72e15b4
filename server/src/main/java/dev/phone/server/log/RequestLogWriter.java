// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.api.RequestLog;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.service.registry.Services;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes the requests of applications down, in batches and in a thread of its own: no request waits for its log.
 *
 * <p>What does not fit in the queue is dropped, and counted as {@code phone_request_logs_dropped} at {@code /metrics}; so is a batch that the
 * database would not take for long. What is in the queue at an orderly stop is written.
 */
public final class RequestLogWriter implements Consumer<RequestLog> {
    private static final System.Logger LOGGER = System.getLogger(RequestLogWriter.class.getName());
    /** Some 5 MB when full. */
    private static final int QUEUED = 10_000;
    private static final int BATCH = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 30;
    private static final long PAUSE_MILLIS = 1_000;

    private sealed interface Entry {
    }

    private record Logged(RequestLog log) implements Entry {
    }

    /** Reached when everything that came before it is written. @param last whether nothing comes after it */
    private record Mark(CountDownLatch reached, boolean last) implements Entry {
    }

    private final Consumer<List<RequestLog>> store;
    private final BlockingQueue<Entry> queue;
    private final Counter dropped;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("request-log").unstarted(this::run);

    /** @param store takes a batch, all of it or none */
    public RequestLogWriter(Consumer<List<RequestLog>> store) {
        this(store, QUEUED);
    }

    @SuppressWarnings("removal") // As with the metrics of requests: there is no other registry that /metrics shows.
    RequestLogWriter(Consumer<List<RequestLog>> store, int queued) {
        this.store = store;
        this.queue = new ArrayBlockingQueue<>(queued);
        this.dropped = Services.get(MeterRegistry.class).getOrCreate(Counter.builder("phone.request.logs.dropped")
                .description("Requests of applications that are missing in their logs"));
    }

    /** Once. */
    public void start() {
        thread.start();
    }

    /** Whether it goes on. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Never waits. */
    @Override
    public void accept(RequestLog log) {
        if (!queue.offer(new Logged(log))) {
            dropped.increment();
        }
    }

    /** How many were dropped since this process started. */
    long dropped() {
        return dropped.count();
    }

    /** Waits, but not for ever, until everything that was accepted is written. */
    public void flush() {
        mark(false);
    }

    /** Writes what is left, unless the database does not take it; returns when that is done. For the end, when nothing more comes. */
    public void stop() {
        stopping.countDown();
        if (thread.isAlive() && !mark(true)) {
            LOGGER.log(Level.WARNING, "{0} request logs could not be written before the end", queue.size());
        }
    }

    private boolean mark(boolean last) {
        Mark mark = new Mark(new CountDownLatch(1), last);
        try {
            return queue.offer(mark, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    && mark.reached.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        List<Entry> entries = new ArrayList<>(BATCH);
        try {
            for (boolean last = false; !last; entries.clear()) {
                entries.add(queue.take());
                queue.drainTo(entries, BATCH - 1);
                List<RequestLog> logs = new ArrayList<>(BATCH);
                for (Entry entry : entries) {
                    if (entry instanceof Logged logged) {
                        logs.add(logged.log);
                    }
                }
                if (!logs.isEmpty() && !write(logs)) {
                    dropped.increment(logs.size());
                }
                for (Entry entry : entries) {
                    if (entry instanceof Mark mark) {
                        last |= mark.last;
                        mark.reached.countDown();
                    }
                }
            }
        } catch (InterruptedException e) {
            // An interrupt ends this thread.
        }
    }

    private boolean write(List<RequestLog> logs) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                store.accept(logs);
                return true;
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (RuntimeException | Error e) {
                if (attempt == 1) {
                    LOGGER.log(Level.WARNING, "Request logs cannot be written, and will be tried again: " + e.getMessage());
                }
                if (attempt == ATTEMPTS || stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    LOGGER.log(Level.WARNING, logs.size() + " request logs were given up", e);
                    return false;
                }
            }
        }
    }
}
