// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The body of a response of which only the head is used. A short body is read completely, so that the connection can be reused. */
final class IgnoredBody implements HttpResponse.BodySubscriber<IgnoredBody> {
    /** The maximum part of a body to read, in bytes. The same as the server's. */
    static final int LONGEST = 16 * 1024;

    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private long bytes;

    /** Completed at once, so that the response is available as soon as its head is. */
    @Override
    public CompletionStage<IgnoredBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscribed) {
        subscription.complete(subscribed);
        subscribed.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        bytes += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        if (bytes > LONGEST) {
            cancel();
        } else {
            subscription.thenAccept(subscribed -> subscribed.request(1));
        }
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(null);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }

    /** Waits for the end of the body, and closes the connection if it does not end in time. */
    void finish(long nanos) {
        try {
            end.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            cancel();
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
        }
    }

    private void cancel() {
        subscription.thenAccept(Flow.Subscription::cancel);
        end.complete(null);
    }
}
