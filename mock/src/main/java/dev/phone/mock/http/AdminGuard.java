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
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.InetAddressSet;

/**
 * Who may use the admin API, which can read and change everything in the mock, write files and reach other hosts.
 *
 * <p>The address of the caller keeps strangers out. The rest is against web pages that a permitted caller has open in a browser: their requests
 * name their own Origin; after DNS rebinding they name a Host that is not ours; and since no browser sends JSON to another origin without asking
 * first, and nobody says yes, a request that changes something must be JSON.
 */
public final class AdminGuard {
    private static final String ROOT = "/__admin";
    private static final String JSON = "application/json";
    /** What a browser sends to another origin only after a preflight, with or without a body. */
    private static final Set<String> PREFLIGHTED = Set.of("PUT", "PATCH", "DELETE");

    private final InetAddressSet callers = new InetAddressSet();
    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    record Refusal(int status, String title) {
    }

    /**
     * @param bound the address that the mock listens on
     * @param callers addresses and networks besides the loopback addresses, such as {@code 10.0.0.0/8}
     * @param names hosts by which the mock may be called, besides its addresses and localhost
     * @throws IllegalArgumentException if a caller is no address or network
     */
    public AdminGuard(String bound, Collection<String> callers, Collection<String> names) {
        this.callers.addAll(callers);
        this.names.add(HostPort.normalizeHost(bound).toLowerCase(Locale.ROOT));
        names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
    }

    /** @param path decoded, without parameters, as it decides which handler gets the request */
    static boolean isAdmin(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + '/');
    }

    /** Answers a request that is not permitted. @return whether it did */
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
        // As WireMock's errors are, so that its clients show it.
        response.getOutputStream().write(Json.createObjectBuilder().add("errors", Json.createArrayBuilder().add(Json.createObjectBuilder()
                .add("code", refusal.status).add("title", refusal.title))).build().toString().getBytes(StandardCharsets.UTF_8));
        return true;
    }

    /** Null when the request is permitted. */
    Refusal refusal(Request request) {
        String caller = request.getRemoteAddr();
        if (!isCaller(caller)) {
            return new Refusal(403, "The admin API does not answer " + caller + "; --admin-from permits other callers than this machine");
        }
        String authority = request.getHeader("host");
        String host = host(authority);
        if (!names.contains(host) && !host.equals(HostPort.normalizeHost(request.getLocalAddr()))) {
            return new Refusal(403, "The admin API is not called " + host + "; --admin-host permits other names");
        }
        for (String origin : Collections.list(request.getHeaders("origin"))) {
            if (!origin.equalsIgnoreCase("http://" + authority)) {
                return new Refusal(403, "The admin API does not answer web pages of other origins");
            }
        }
        return isJson(request) ? null : new Refusal(415, "The content-type must be application/json");
    }

    private boolean isCaller(String address) {
        try {
            InetAddress caller = InetAddress.getByName(address);
            return caller.isLoopbackAddress() || callers.test(caller);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Without the port, which may be another outside of a container. */
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
        String type = request.getHeader("content-type");
        return type != null && type.split(";")[0].strip().equalsIgnoreCase(JSON);
    }
}
