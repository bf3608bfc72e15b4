// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.CommonHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A response of the mock.
 *
 * @param body empty for none
 * @param headers in addition to {@link #ALWAYS}
 * @param reason the reason for the response, for {@code x-mock-reason}
 * @param delay in milliseconds, before it is sent
 * @param fault how to break the connection instead; null for none
 */
public record Response(int status, byte[] body, List<Header> headers, String reason, int delay, Fault fault) {
    /** The default headers of every response. */
    public static final Map<String, String> ALWAYS = always();

    private static Map<String, String> always() {
        Map<String, String> headers = new HashMap<>(CommonHeaders.ALL);
        headers.merge(CommonHeaders.EXPOSE, "Preference-Applied, x-mock-reason", (ours, more) -> ours + ", " + more);
        return Map.copyOf(headers);
    }

    /** A header field. */
    public record Header(String name, String value) {
    }

    /** Whether it sets this header. @param name in lower case */
    public boolean has(String name) {
        for (Header header : headers) {
            if (header.name.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The ways to break a connection. */
    public enum Fault {
        RESET, EMPTY, MALFORMED, GARBAGE
    }

    /** @param requestId the value of {@code x-request-id} */
    public static Builder status(int status, String requestId) {
        return new Builder(status).header(CommonHeaders.REQUEST_ID, requestId);
    }

    /** Builds a response. */
    public static final class Builder {
        private static final byte[] NOTHING = {};

        private final int status;
        private final List<Header> headers = new ArrayList<>(8);
        private byte[] body = NOTHING;
        private int delay;
        private Fault fault;

        private Builder(int status) {
            this.status = status;
        }

        /** @param value null to leave the header out */
        public Builder header(String name, String value) {
            if (value != null) {
                headers.add(new Header(name, value));
            }
            return this;
        }

        public Builder body(String contentType, byte[] content) {
            return body(content).header("content-type", contentType);
        }

        public Builder body(byte[] content) {
            body = content;
            return this;
        }

        Builder preferred(Preference preference) {
            delay = preference.delay();
            fault = preference.fault();
            return header("Preference-Applied", preference.applied());
        }

        public Response because(String reason) {
            return new Response(status, body, header("x-mock-reason", printable(reason)).headers, reason, delay, fault);
        }
    }

    /** Escapes a reason, which may quote the request, so that it cannot inject header fields. */
    public static String printable(String reason) {
        for (int i = 0; i < reason.length(); i++) {
            if (reason.charAt(i) < ' ' || reason.charAt(i) > '~') {
                return reason.replaceAll("[^ -~]", "?");
            }
        }
        return reason;
    }
}
