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
 * Writes request logs in batches, in its own thread, so that no request waits for its log.
 *
 * <p>If the queue is full, logs are dropped and counted as {@code phone_request_logs_dropped} at {@code /metrics}; so is a batch that
 * repeatedly fails to be written. A graceful stop writes the queue.
 */
public final class RequestLogWriter implements Consumer<RequestLog> {
    private static final System.Logger LOGGER = System.getLogger(RequestLogWriter.class.getName());
    /** About 5 MB when full. */
    private static final int QUEUED = 10_000;
    private static final int BATCH = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 30;
    private static final long PAUSE_MILLIS = 1_000;

    private sealed interface Entry {
    }

    private record Logged(RequestLog log) implements Entry {
    }

    /** A mark in the queue, reached when everything before it is written. @param last whether it is the end of the queue */
    private record Mark(CountDownLatch reached, boolean last) implements Entry {
    }

    private final Consumer<List<RequestLog>> store;
    private final BlockingQueue<Entry> queue;
    private final Counter dropped;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("request-log").unstarted(this::run);

    /** @param store writes a batch, completely or not at all */
    public RequestLogWriter(Consumer<List<RequestLog>> store) {
        this(store, QUEUED);
    }

    @SuppressWarnings("removal") // As with the metrics of requests: there is no other registry that /metrics shows.
    RequestLogWriter(Consumer<List<RequestLog>> store, int queued) {
        this.store = store;
        this.queue = new ArrayBlockingQueue<>(queued);
        this.dropped = Services.get(MeterRegistry.class).getOrCreate(Counter.builder("phone.request.logs.dropped")
                .description("Requests of applications that are missing from their logs"));
    }

    /** Starts the thread. Call it once. */
    public void start() {
        thread.start();
    }

    /** Whether the thread is running. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Does not block. */
    @Override
    public void accept(RequestLog log) {
        if (!queue.offer(new Logged(log))) {
            dropped.increment();
        }
    }

    /** The number of logs dropped since the process started. */
    long dropped() {
        return dropped.count();
    }

    /** Waits, with a timeout, until everything accepted so far is written. */
    public void flush() {
        mark(false);
    }

    /** Writes the rest of the queue if the database accepts it, and returns when done. Nothing may be accepted after this call. */
    public void stop() {
        stopping.countDown();
        if (thread.isAlive() && !mark(true)) {
            LOGGER.log(Level.WARNING, "{0} request logs could not be written before the server stopped", queue.size());
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
                    LOGGER.log(Level.WARNING, "Request logs cannot be written and will be retried: " + e.getMessage());
                }
                if (attempt == ATTEMPTS || stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    LOGGER.log(Level.WARNING, logs.size() + " request logs were dropped", e);
                    return false;
                }
            }
        }
    }
}
