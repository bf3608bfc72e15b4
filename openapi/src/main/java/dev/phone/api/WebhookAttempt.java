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
 * What came of one attempt to hand an event to an endpoint, and what follows from it. Server and mock share the rules and the wording; neither
 * tells what the endpoint wrote.
 *
 * @param status the HTTP status that the endpoint answered with; 0 when there was no answer
 * @param millis how long it took
 * @param error why it failed, for a person to read; null when it succeeded
 * @param retryAfter how long the endpoint asked us to wait; null when it did not
 */
public record WebhookAttempt(int status, int millis, String error, Duration retryAfter) {
    /** RFC 2606 and 6761: names that lead nowhere by definition. The demo world's webhooks have such names; no resolver is bothered. */
    private static final Pattern NOWHERE = Pattern.compile("(.*\\.)?(example\\.(com|net|org)|example|invalid|test)\\.?");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final int GONE = 410;

    /** @param retryAfter the header of that name (RFC 9110); null when there is none, like {@code now}, the moment of the answer */
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

    /** It was there, and then it was not. */
    public static WebhookAttempt interrupted(int millis) {
        return failed(millis, "the connection broke");
    }

    /** @param host as the URL has it, which may be longer than an attempt tells */
    public static WebhookAttempt noHost(String host) {
        return failed(0, "there is no host " + ApiError.quoted(host));
    }

    /** The URL leads to where events may not be sent. */
    public static WebhookAttempt forbidden() {
        return failed(0, "events must not be sent to this address");
    }

    private static WebhookAttempt failed(int millis, String error) {
        return new WebhookAttempt(0, millis, error, null);
    }

    /** Whether a name belongs to nobody, by definition. */
    public static boolean leadsNowhere(String host) {
        return NOWHERE.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }

    public boolean succeeded() {
        return error == null;
    }

    /** Whether the endpoint wants no more events. */
    public boolean gone() {
        return status == GONE;
    }

    /**
     * How long to wait before the next attempt: what the schedule says, or longer if the endpoint asked for it, but not longer than the
     * schedule's longest pause.
     *
     * @param attempts how many there were, this one included, since the delivery was begun
     * @return null when there is to be none
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

    /** As the API shows it. @param at when it was made */
    public DeliveryAttempt shown(Instant at) {
        return new DeliveryAttempt(at, status == 0 ? null : status, millis, error);
    }
}
