// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import jakarta.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.InetAddressSet;

/**
 * Decides who may use the admin API, which can read and change everything in the mock, write files and reach other hosts.
 *
 * <p>The check of the caller's address keeps out other machines. The other checks keep out web pages in a permitted caller's browser: their
 * requests have a foreign Origin or come from another site, or, with DNS rebinding, have a foreign Host. Requests that change something must be
 * JSON, because browsers send JSON to another origin only after a preflight, which is never granted. Webhooks are refused, because anyone may
 * create one with any URL.
 */
public final class AdminGuard {
    private static final String ROOT = "/__admin";
    private static final String JSON = "application/json";
    private static final Pattern JSON_TYPE = Pattern.compile("\\s*application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?", Pattern.CASE_INSENSITIVE);
    /** In every webhook of the mock and of the server (Standard Webhooks). */
    private static final String WEBHOOK = "webhook-id";
    /** The methods that a browser sends to another origin only after a preflight, even without a body. */
    private static final Set<String> PREFLIGHTED = Set.of("PUT", "PATCH", "DELETE");

    private final InetAddressSet callers = new InetAddressSet();
    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    record Refusal(int status, String title) {
    }

    /**
     * @param bound the address that the mock listens on
     * @param callers permitted addresses and networks besides the loopback addresses, such as {@code 10.0.0.0/8}
     * @param names permitted host names, besides the mock's addresses and localhost
     * @throws IllegalArgumentException if a caller is not an address or network
     */
    public AdminGuard(String bound, Collection<String> callers, Collection<String> names) {
        this.callers.addAll(callers);
        this.names.add(HostPort.normalizeHost(bound).toLowerCase(Locale.ROOT));
        names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
    }

    /** @param path decoded and without parameters, as it selects the handler */
    static boolean isAdmin(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + '/');
    }

    /** Answers a request if it is not permitted. @return whether it was refused */
    boolean refuses(Request jetty, HttpServletResponse response) throws IOException {
        Refusal refusal = refusal(jetty);
        if (refusal == null) {
            response.setHeader("x-content-type-options", "nosniff");
            response.setHeader("x-frame-options", "DENY");
            response.setHeader("content-security-policy", "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
                    + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'");
            return false;
        }
        jetty.setHandled(true);
        response.setStatus(refusal.status);
        response.setHeader("content-type", JSON);
        response.setHeader("x-content-type-options", "nosniff");
        // In the format of WireMock's errors, so that its clients show it.
        response.getOutputStream().write(Json.createObjectBuilder().add("errors", Json.createArrayBuilder().add(Json.createObjectBuilder()
                .add("code", refusal.status).add("title", refusal.title))).build().toString().getBytes(StandardCharsets.UTF_8));
        return true;
    }

    /** The refusal; null if the request is permitted. */
    Refusal refusal(Request request) {
        String caller = request.getRemoteAddr();
        if (!isCaller(caller)) {
            return new Refusal(403, "The admin API does not answer " + caller + "; use --admin-from to permit callers on other machines");
        }
        if (request.getHeader(WEBHOOK) != null) {
            return new Refusal(403, "The admin API does not take webhooks");
        }
        String authority = request.getHeader("host");
        String host = host(authority);
        if (!names.contains(host) && !host.equals(HostPort.normalizeHost(request.getLocalAddr()))) {
            return new Refusal(403, "The admin API is not available under the name " + host + "; use --admin-host to permit other names");
        }
        for (String origin : Collections.list(request.getHeaders("origin"))) {
            if (!origin.equalsIgnoreCase("http://" + authority)) {
                return new Refusal(403, "The admin API does not answer web pages of other origins");
            }
        }
        // Sent by browsers even with requests that have no Origin, such as those for images.
        if ("cross-site".equalsIgnoreCase(request.getHeader("sec-fetch-site"))) {
            return new Refusal(403, "The admin API does not answer web pages of other origins");
        }
        return isJson(request) ? null : new Refusal(415, "The content-type must be application/json, in UTF-8");
    }

    private boolean isCaller(String address) {
        try {
            InetAddress caller = InetAddress.getByName(address);
            return caller.isLoopbackAddress() || callers.test(caller);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The host without the port, which may differ outside of a container. */
    private static String host(String authority) {
        return authority.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isJson(HttpServletRequest request) {
        boolean hasBody = request.getContentLengthLong() > 0 || request.getHeader("transfer-encoding") != null;
        boolean isFile = request.getMethod().equals("PUT") && request.getRequestURI().startsWith(ROOT + "/files/");
        if (isFile || request.getMethod().equals("GET") && !hasBody || PREFLIGHTED.contains(request.getMethod()) && !hasBody
                || List.of("HEAD", "OPTIONS").contains(request.getMethod())) {
            return true;
        }
        List<String> types = Collections.list(request.getHeaders("content-type"));
        return types.size() == 1 && JSON_TYPE.matcher(types.getFirst()).matches();
    }
}
