// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts off whoever takes too long to send us a request, or to take its response: a byte now and then would hold a connection forever, for
 * Helidon's own timeout only sees those that send nothing between two requests. How long we take ourselves is not counted.
 *
 * <p>A request is known by its thread. Interrupting a virtual thread that reads or writes a socket closes the socket.
 */
final class SlowClients implements AutoCloseable {
    private final Duration patience;
    private final Map<Thread, Long> ends = new ConcurrentHashMap<>();
    private final Thread watch = Thread.ofVirtual().name("slow-clients").unstarted(this::watch);

    SlowClients(Duration patience) {
        this.patience = patience;
    }

    void start() {
        watch.start();
    }

    /** From now on the client is awaited. */
    void resume() {
        ends.put(Thread.currentThread(), System.nanoTime() + patience.toNanos());
    }

    /** From now on the client waits for us. @throws CloseConnectionException when it has just been cut off */
    void pause() {
        if (ends.remove(Thread.currentThread()) == null) {
            throw new CloseConnectionException("the client took too long");
        }
    }

    /** The request is over. */
    void end() {
        ends.remove(Thread.currentThread());
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(patience.dividedBy(10));
                long now = System.nanoTime();
                ends.forEach((thread, end) -> {
                    if (!thread.isAlive()) {
                        ends.remove(thread);
                    } else if (now - end > 0 && ends.remove(thread, end)) {
                        thread.interrupt();
                    }
                });
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
