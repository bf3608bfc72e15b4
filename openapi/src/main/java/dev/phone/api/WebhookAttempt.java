// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The result of one attempt to deliver an event, and its consequences. The server and the mock share the rules and the wording; neither
 * reveals the body of the endpoint's response.
 *
 * @param status the HTTP status of the endpoint's response; 0 if there was none
 * @param millis the duration in milliseconds
 * @param error why it failed, for humans; null if it succeeded
 * @param retryAfter how long the endpoint asked us to wait; null if it did not
 */
public record WebhookAttempt(int status, int millis, String error, Duration retryAfter) {
    /** Reserved names (RFC 2606 and 6761), which are not resolved. The demo world's webhooks have such names. */
    private static final Pattern NOWHERE = Pattern.compile("(.*\\.)?(example\\.(com|net|org)|example|invalid|test)\\.?");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final int GONE = 410;
    /** How many attempts of a delivery are kept, the last ones. */
    public static final int KEPT = ((Schema.Items) ((Schema.Properties) Delivery.SCHEMA).property("attempts")).maxItems();

    /** @param retryAfter the header Retry-After (RFC 9110, section 10.2.3); null if there is none @param now the time of the response */
    public static WebhookAttempt answered(int status, int millis, String retryAfter, Instant now) {
        boolean succeeded = status / 100 == 2;
        return new WebhookAttempt(status, millis, succeeded ? null : "the endpoint answered " + status,
                succeeded || retryAfter == null ? null : wait(retryAfter.strip(), now));
    }

    private static Duration wait(String retryAfter, Instant now) {
        if (SECONDS.matcher(retryAfter).matches()) {
            return Duration.ofSeconds(Integer.parseInt(retryAfter));
        }
        try {
            return Duration.between(now, ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    public static WebhookAttempt timedOut(int millis) {
        return failed(millis, "no answer within " + Rules.WEBHOOKS_TIMEOUT.toSeconds() + " seconds");
    }

    public static WebhookAttempt notConnected(int millis) {
        return failed(millis, "no connection to the endpoint");
    }

    /** The connection broke during the attempt. */
    public static WebhookAttempt interrupted(int millis) {
        return failed(millis, "the connection broke");
    }

    /** The host cannot be resolved. @param host the host in the URL; truncated if it is long */
    public static WebhookAttempt noHost(String host) {
        return failed(0, "there is no host " + ApiError.quoted(host));
    }

    /** The URL resolves to an address to which events must not be sent. */
    public static WebhookAttempt forbidden() {
        return failed(0, "events must not be sent to this address");
    }

    private static WebhookAttempt failed(int millis, String error) {
        return new WebhookAttempt(0, millis, error, null);
    }

    /** Whether a host name is reserved, so that it never resolves. */
    public static boolean leadsNowhere(String host) {
        return NOWHERE.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }

    public boolean succeeded() {
        return error == null;
    }

    /** Whether the endpoint answered 410, so that it gets no more events. */
    public boolean gone() {
        return status == GONE;
    }

    /**
     * How long to wait before the next attempt: the schedule's pause, or longer if the endpoint asked for it, but at most the
     * schedule's longest pause.
     *
     * @param attempts the number of attempts of this delivery so far, including this one
     * @return null if there is no next attempt
     */
    public Duration pause(int attempts) {
        if (succeeded() || gone() || attempts > Rules.WEBHOOKS_RETRIES.size()) {
            return null;
        }
        Duration pause = Rules.WEBHOOKS_RETRIES.get(attempts - 1);
        if (retryAfter == null || retryAfter.compareTo(pause) <= 0) {
            return pause;
        }
        Duration longest = Rules.WEBHOOKS_RETRIES.getLast();
        return retryAfter.compareTo(longest) < 0 ? retryAfter : longest;
    }

    /** The attempt as the API returns it. @param at when it was made */
    public DeliveryAttempt shown(Instant at) {
        return new DeliveryAttempt(at, status == 0 ? null : status, millis, error);
    }
}
