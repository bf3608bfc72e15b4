// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.fuzz;

import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Mutates requests of the contract's examples: bytes, JSON, headers, framing, paths, credentials, IDs, cursors, idempotency keys. The same seed
 * generates the same requests. Header fields that only the mock supports are never generated.
 */
final class Bender {
    private static final List<Example> EXAMPLES = TheContract.EXAMPLES.stream()
            .filter(example -> example.illustrative() == null && TheContract.isBuilt(example.operation())).toList();
    private static final Pattern ID = Pattern.compile("[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}");
    private static final List<String> IDS = List.copyOf(ids());
    private static final List<String> CHARACTERS = List.of("\0", "\u0001", "\t", " ", "\u007f", "\"", "'", "\\", "/", "%", "%00", "%2F", "%2f", "%25", "%zz", "%", "%ff", "%c3", "+",
            "&", "=", "?", "#", ";", ",", ":", "..", "<", ">", "{", "}", "|", "^", "`", "[", "]", "\u00ff", "\u00c3\u00a9", "\u00e2\u0080\u00ae", "\u00ed\u00a0\u0080", "\u00c0\u0080",
            "\u00f0\u009f\u0091\u008d", "\u00ef\u00bb\u00bf");
    private static final List<String> TEXTS = List.of("", " ", "null", "0", "-1", "true", "x", "A", "é", "\u202e", "👍", "\u0000", "\ud800", "\udc00\ud800", "\uffff", "\u200b",
            "../../etc/passwd", "' OR 1=1 --", "${jndi:ldap://x}", "<script>", "2026-02-30T00:00:00Z", "2026-01-15T09:30:00.000Z", "+999 482 918 102", "+999482918102",
            "+999 000 000 429", "+999 000 000 500", "https://hooks.example.com/phone", "http://localhost/", "a".repeat(300), "é".repeat(3_000), "a".repeat(30_000));
    private static final List<String> NUMBERS = List.of("0", "-0", "1e0", "1.0", "1E400", "-1", "9223372036854775808", "1e-5", "0.1", "1" + "0".repeat(400), "2147483648", "00", "+1",
            ".5", "1.", "0x1", "NaN", "Infinity", "-");
    private static final List<String> TOKENS = List.of("\ufeff", "//x\n", "/**/", "{", "}", "[", "]", ",", ":", "\"", "\\u0000", "\\ud800", "\\x", "\n", "\t", "\u0000", "'", "true", "nul", "\u00a0");
    private static final List<String> HEADERS = List.of("Accept: application/xml", "Accept: */*;q=0", "Accept-Encoding: gzip", "Accept-Charset: utf-16", "Accept-Language: xx",
            "Content-Encoding: gzip", "Content-Encoding: identity", "Content-Encoding: br, gzip", "Content-Type: text/plain", "Content-Type: application/json; charset=utf-16",
            "Content-Type: application/json; charset=\"UTF-8\"", "Content-Type: application/vnd.x+json", "Content-Type: application/json, text/plain", "Content-Type:",
            "Content-Type: multipart/form-data; boundary=x", "Content-Language: de", "Cookie: a=b", "Range: bytes=0-1", "If-None-Match: *", "If-Match: \"x\"",
            "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT", "Expect: 100-continue", "Expect: x", "Max-Forwards: 0", "Via: 1.1 x", "X-Forwarded-For: 1.2.3.4",
            "X-Forwarded-Host: evil", "Forwarded: for=1.2.3.4", "X-HTTP-Method-Override: DELETE", "Host: other", "Host: localhost:99999", "Host: [::1]:1", "Host: [::::]:0", "Host: [1.2.3.4]", "Host: u@h",
            "Host:", "Prefer: unknown", "Prefer: unknown=1;code=429, \"x\"", "Connection: keep-alive",
            "Connection: close", "Connection: upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__", "TE: trailers", "Trailer: x", "Keep-Alive: timeout=1", "Transfer-Encoding: gzip",
            "Authorization: Basic YTpi", "Authorization: Bearer", "Authorization: Bearer dev_bob", "Authorization: Bearer a.b.c", "X-Request-Id: mine", "X-Api-Key: x", "Idempotency-Key:",
            "Idempotency-Key: a", "Idempotency-Key: a, b", "Idempotency-Key: \u00ff", "Idempotency-Key: " + "k".repeat(300), "Date: now", "A: " + "x".repeat(9_000), "a b: c", ": x",
            "nocolon", " folded: x", "x:\ty", "x : y", "\u00e9: y", "x: \u00e9", "x: a\0b", "x: a\u0001b", "Content-Length: 0", "Proxy-Connection: close", "Sec-Fetch-Site: cross-site");
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "get", "Post", "QUERY", "X", "G\u00e9T", "G T", "");
    private static final List<String> VERSIONS = List.of("HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/1.10", "HTTP/1", "", "HTTP/1.1 ", "HTTPS/1.1");

    private final Random random;
    // The request that is being mutated.
    private Example example;
    private List<String> bends;
    private String method;
    private String target;
    private String version;
    private List<String> headers;
    private byte[] body;
    private String framed;
    private boolean clear;

    Bender(long seed) {
        random = new Random(seed);
    }

    private static TreeSet<String> ids() {
        TreeSet<String> ids = new TreeSet<>();
        Matcher matcher = ID.matcher(TheContract.CONTRACT.json().getJsonObject("x-demo-world").toString());
        while (matcher.find()) {
            ids.add(matcher.group());
        }
        return ids;
    }

    Bent next() {
        example = any(EXAMPLES);
        bends = new ArrayList<>();
        method = example.operation().method();
        target = example.target();
        version = "HTTP/1.1";
        headers = new ArrayList<>(List.of("Host: " + Bent.HERE));
        example.headers().forEach((name, value) -> headers.add(name + ": " + value));
        body = example.body() == null ? null : utf8(example.body().toString());
        framed = null;
        clear = true;
        if (body != null) {
            headers.add("Content-Type: application/json");
        }
        int number = chance(5) ? 0 : 1 + (chance(25) ? 1 : 0) + (chance(10) ? 1 : 0);
        for (int i = 0; i < number; i++) {
            bend();
        }
        if (framed == null && body != null) {
            headers.add("Content-Length: " + body.length);
        }
        StringBuilder text = new StringBuilder().append(method).append(' ').append(target).append(' ').append(version).append("\r\n");
        headers.forEach(header -> text.append(header).append("\r\n"));
        text.append("\r\n").append(framed != null ? framed : body == null ? "" : latin1(body));
        String bytes = text.toString();
        if (chance(6)) {
            bytes = bytes(bytes);
        }
        return new Bent(example.operation(), List.copyOf(bends), bytes, clear);
    }

    private void bend() {
        switch (random.nextInt(body == null ? 7 : 11)) {
            case 0 -> path();
            case 1 -> query();
            case 2 -> header();
            case 3 -> aHeaderOfItsOwn();
            case 4 -> credentials();
            case 5 -> id();
            case 6 -> line();
            case 7, 8 -> structure();
            case 9 -> text();
            default -> framing();
        }
    }

    private void did(String bend) {
        bends.add(bend);
    }

    // ---- bytes

    private String bytes(String bytes) {
        StringBuilder bent = new StringBuilder(bytes);
        for (int i = 1 + random.nextInt(3); i > 0 && !bent.isEmpty(); i--) {
            int at = random.nextInt(bent.length());
            switch (random.nextInt(5)) {
                case 0 -> bent.setCharAt(at, (char) random.nextInt(256));
                case 1 -> bent.insert(at, (char) random.nextInt(256));
                case 2 -> bent.deleteCharAt(at);
                case 3 -> bent.insert(at, bent.substring(at, Math.min(bent.length(), at + random.nextInt(40))));
                default -> bent.delete(at, Math.min(bent.length(), at + random.nextInt(40)));
            }
        }
        did("bytes");
        clear = false;
        return bent.toString();
    }

    // ---- the request line

    private void line() {
        clear = false;
        if (chance(60)) {
            method = any(METHODS);
            did("method");
        } else {
            version = any(VERSIONS);
            did("version");
        }
    }

    private void path() {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        String rest = query < 0 ? "" : target.substring(query);
        if (path.isEmpty()) {
            return;
        }
        int at = random.nextInt(path.length());
        path = switch (random.nextInt(12)) {
            case 0 -> path.substring(0, at) + "%%%02X".formatted((int) path.charAt(at)) + path.substring(at + 1);
            case 1 -> path.substring(0, at) + "%%%02x".formatted((int) path.charAt(at)) + path.substring(at + 1);
            case 2 -> path + "/";
            case 3 -> path.replaceFirst("/", Matcher.quoteReplacement(any(List.of("//", "/./", "/x/../", "/%2e/", "/.;/", "\\"))));
            case 4 -> path.substring(0, at) + any(CHARACTERS) + path.substring(at);
            case 5 -> path.toUpperCase(Locale.ROOT);
            case 6 -> path.substring(0, Math.max(0, path.lastIndexOf('/')));
            case 7 -> any(List.of("", "/", "*", any(List.of("http", "HTTPS", "foo")) + "://"
                    + any(List.of("localhost", "other:1", "", "u@h", "h:", "h:99999", "[::1]", "[::::]", "a%20b", "a|b")) + path, "//other" + path, "/favicon.ico", "/v1", "/v2/projects", "/metrics/x"));
            case 8 -> path + any(List.of(";a=b", "%3Ba", "#x", "%23", ".json", "%20", "%", "%2"));
            case 9 -> path + "/" + "x".repeat(random.nextInt(4_000));
            case 10 -> path.substring(0, at) + path.substring(Math.min(path.length(), at + 1 + random.nextInt(3)));
            default -> any(EXAMPLES).target().replaceAll("\\?.*", "");
        };
        target = path + rest;
        // A fragment or a space makes the request line ambiguous, but the message is still framed.
        did("path");
    }

    private void query() {
        String name = any(List.of("limit", "cursor", "status", "phoneNumber", "from", "to", "interval", "x", "Limit", "%6cimit", "lim it", ""));
        String value = switch (random.nextInt(5)) {
            case 0 -> any(NUMBERS);
            case 1 -> any(CHARACTERS);
            case 2 -> latin1(utf8(any(TEXTS))).replaceAll("[^!-~]", "%41");
            case 3 -> java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(random.ints(random.nextInt(60), 0, 256)
                    .collect(java.io.ByteArrayOutputStream::new, java.io.ByteArrayOutputStream::write, (a, b) -> { }).toByteArray());
            default -> any(List.of("pending", "2026-01-15T09:30:00Z", "2026-01-15T09:30:00.000%2B01:00", "hour", "day", "%2B999482918102", "20", ""));
        };
        target += (target.contains("?") ? any(List.of("&", "&&", "?", ";")) : "?") + name + any(List.of("=", "=", "=", "", "==")) + value;
        did("query");
    }

    // ---- header fields

    private void header() {
        if (headers.isEmpty()) {
            return;
        }
        int at = random.nextInt(headers.size());
        String field = headers.get(at);
        String name = field.replaceFirst(":.*", "");
        String value = field.substring(Math.min(field.length(), name.length() + 1)).strip();
        switch (random.nextInt(10)) {
            case 0 -> headers.remove(at);
            case 1 -> headers.add(field);
            case 2 -> headers.add(name.toUpperCase(Locale.ROOT) + ": " + value + "x");
            case 3 -> headers.set(at, name.toUpperCase(Locale.ROOT) + ":" + value);
            case 4 -> headers.set(at, name + ": \t " + value + " \t");
            case 5 -> headers.set(at, name + ":");
            case 6 -> headers.set(at, name + ": " + mangled(value));
            case 7 -> headers.set(at, name + ": " + value + ", " + value);
            case 8 -> headers.set(at, name + any(List.of(" ", "\t", "\0", "")) + any(List.of(":", "", "::", "=")) + value);
            default -> headers.add(random.nextInt(headers.size() + 1), name + ": " + any(CHARACTERS));
        }
        clear = false;
        did("header " + name);
    }

    private void aHeaderOfItsOwn() {
        String field = any(HEADERS);
        headers.add(random.nextInt(headers.size() + 1), field);
        if (chance(5)) {
            headers.addAll(java.util.Collections.nCopies(any(List.of(60, 60, 3_000, 4_200)), "n" + random.nextInt(9) + ":"));
        }
        clear = false;
        did("+ " + (field.length() > 60 ? field.substring(0, 60) : field));
    }

    private void credentials() {
        List<Integer> at = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            if (headers.get(i).toLowerCase(Locale.ROOT).matches("(?s)(authorization|x-client-id|x-client-secret|x-api-key):.*")) {
                at.add(i);
            }
        }
        if (at.isEmpty()) {
            headers.add("Authorization: Bearer dev_alice");
            did("+ credentials");
            return;
        }
        int i = at.get(random.nextInt(at.size()));
        String name = headers.get(i).replaceFirst("(?s):.*", "");
        String value = headers.get(i).replaceFirst("(?s)^[^:]*: ?", "");
        Example other = any(EXAMPLES);
        headers.set(i, name + ": " + switch (random.nextInt(8)) {
            case 0 -> mangled(value);
            case 1 -> other.headers().getOrDefault(name.toLowerCase(Locale.ROOT), "x");
            case 2 -> value.toUpperCase(Locale.ROOT);
            case 3 -> value.substring(0, random.nextInt(value.length() + 1));
            case 4 -> value.replaceFirst(" ", any(List.of("  ", "\t", ",", "")));
            case 5 -> value + any(CHARACTERS);
            case 6 -> any(List.of("Bearer dev_", "Bearer dev_" + "x".repeat(70), "Bearer dev_x\u00e9", "bearer dev_alice", "BEARER dev_alice", "Bearer dev_alice,", "Bearer  dev_bob", "dev_alice",
                    "Bearer \"dev_alice\"", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.x"));
            default -> value.replace('0', 'O');
        });
        clear = false;
        did("credentials " + name);
    }

    private String mangled(String value) {
        int at = random.nextInt(value.length() + 1);
        return value.substring(0, at) + any(CHARACTERS) + value.substring(Math.min(value.length(), at + random.nextInt(2)));
    }

    private void id() {
        String id = any(IDS);
        String bent = switch (random.nextInt(6)) {
            case 0, 1 -> id;
            case 2 -> id.toUpperCase(Locale.ROOT);
            case 3 -> id.substring(0, random.nextInt(id.length()));
            case 4 -> id + any(CHARACTERS);
            default -> id.substring(0, 10) + "z".repeat(20);
        };
        if (body != null && chance(50)) {
            body = utf8(new String(body, StandardCharsets.UTF_8).replaceFirst(ID.pattern(), Matcher.quoteReplacement(bent.replaceAll("[^!-~]|[\"\\\\]", "?"))));
        } else {
            target = target.replaceFirst(ID.pattern(), Matcher.quoteReplacement(bent.replaceAll("[^!-~]", "%41")));
        }
        did("id");
    }

    // ---- the body

    private void structure() {
        try (var reader = Json.createReader(new java.io.ByteArrayInputStream(body))) {
            body = utf8(bent(reader.readValue(), 0).toString());
            did("structure");
        } catch (RuntimeException noJsonAnyMore) {
            text();
        }
    }

    private JsonValue bent(JsonValue value, int depth) {
        if (value instanceof JsonObject object && !object.isEmpty() && chance(75)) {
            List<String> names = List.copyOf(object.keySet());
            String chosen = any(names);
            JsonObjectBuilder builder = Json.createObjectBuilder(object);
            switch (random.nextInt(5)) {
                case 0 -> builder.remove(chosen);
                case 1 -> builder.add(any(TEXTS), other());
                case 2 -> builder.remove(chosen).add(chosen + any(List.of(" ", "x", "\u0000", "é")), object.get(chosen));
                default -> builder.add(chosen, bent(object.get(chosen), depth + 1));
            }
            return builder.build();
        }
        if (value instanceof JsonArray array && chance(75)) {
            JsonArrayBuilder builder = Json.createArrayBuilder(array);
            switch (random.nextInt(3)) {
                case 0 -> array.forEach(builder::add);
                case 1 -> builder.add(other());
                default -> {
                    if (!array.isEmpty()) {
                        int at = random.nextInt(array.size());
                        builder.set(at, bent(array.get(at), depth + 1));
                    }
                }
            }
            return builder.build();
        }
        return other();
    }

    private JsonValue other() {
        return switch (random.nextInt(9)) {
            case 0 -> JsonValue.NULL;
            case 1 -> JsonValue.TRUE;
            case 2 -> Json.createValue(any(List.of(0, 1, -1, 86_400, 100_000, Integer.MAX_VALUE)));
            case 3 -> Json.createValue(any(List.of(0.5, 1e300, -0.0)));
            case 4 -> JsonValue.EMPTY_JSON_ARRAY;
            case 5 -> JsonValue.EMPTY_JSON_OBJECT;
            case 6 -> {
                JsonValue nested = JsonValue.NULL;
                for (int i = random.nextInt(60); i > 0; i--) {
                    nested = chance(50) ? Json.createArrayBuilder().add(nested).build() : Json.createObjectBuilder().add("a", nested).build();
                }
                yield nested;
            }
            default -> Json.createValue(any(TEXTS));
        };
    }

    private void text() {
        String text = new String(body, StandardCharsets.UTF_8);
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(9)) {
            case 0 -> body = utf8(text.substring(0, at));
            case 1 -> body = utf8(text.substring(0, at) + any(TOKENS) + text.substring(at));
            case 2 -> body = utf8(text + any(TOKENS));
            case 3 -> body = utf8(text.replaceFirst("(?s)\"[^\"]*\"(?=[,}])", Matcher.quoteReplacement(any(NUMBERS))));
            case 4 -> body = text.getBytes(any(List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, Charset.forName("UTF-32"), StandardCharsets.ISO_8859_1)));
            case 5 -> {
                body = Arrays.copyOf(body, body.length + 1);
                body[random.nextInt(body.length)] = (byte) (128 + random.nextInt(128));
            }
            case 6 -> body = utf8("[".repeat(random.nextInt(3_000)) + text);
            case 7 -> body = utf8(text.replaceFirst("\\{", "{" + Matcher.quoteReplacement(text.length() > 2 ? text.substring(1).replaceFirst("}\\s*$", ",") : "")));
            default -> body = chance(80) ? new byte[0] : utf8(text + " ".repeat(any(List.of(10, 65_000, 70_000, 200_000))));
        }
        did("text");
    }

    private void framing() {
        clear = false;
        String text = latin1(body);
        if (chance(55)) {
            headers.add(any(List.of("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "transfer-encoding:chunked")));
            framed = chunked(text);
            did("chunks");
            return;
        }
        framed = text;
        switch (random.nextInt(7)) {
            case 0 -> headers.add("Content-Length: " + (text.length() + 1 + random.nextInt(20)));
            case 1 -> headers.add("Content-Length: " + random.nextInt(text.length() + 1));
            case 2 -> headers.addAll(List.of("Content-Length: " + text.length(), "Content-Length: " + text.length()));
            case 3 -> headers.addAll(List.of("Content-Length: " + text.length(), "Transfer-Encoding: chunked"));
            case 4 -> headers.add("Content-Length: " + any(List.of("-1", "+5", "0x5", "5 ", "5,5", "", "abc", "9999999999999999999", "1048577", "18446744073709551616", "00" + text.length())));
            case 5 -> did("no length");
            default -> headers.add("Transfer-Encoding: " + any(List.of("identity", "gzip", "chunked, chunked", "gzip, chunked", "chunked;x=y", "", "\"chunked\"", "xchunked")));
        }
        did("framing");
    }

    private String chunked(String text) {
        StringBuilder chunks = new StringBuilder();
        boolean broken = chance(40);
        for (int from = 0; from < text.length();) {
            int length = Math.min(text.length() - from, 1 + random.nextInt(random.nextInt(50) + 1));
            String size = chance(20) ? Integer.toHexString(length).toUpperCase(Locale.ROOT) : chance(10) ? "000" + Integer.toHexString(length) : Integer.toHexString(length);
            if (chance(8)) {
                size += any(List.of(";a", ";a=b", " ;a=\"b;c\"", ";", ";\u00e9"));
            }
            if (broken && chance(25)) {
                size = any(List.of("", "g", "-1", "+1", "0x1", " 1", "1 ", "ffffffffffffffff", "7fffffff", Integer.toHexString(length + 1), "\0"));
            }
            chunks.append(size).append(broken && chance(10) ? any(List.of("\n", "\r", "")) : "\r\n").append(text, from, from + length)
                    .append(broken && chance(10) ? any(List.of("\n", "x\r\n", "")) : "\r\n");
            from += length;
        }
        return chunks + (broken && chance(30) ? any(List.of("", "0", "0\r\n", "0\r\na: b\r\n\r\n", "00\r\n\r\n", "0;x\r\n\r\n", "0\n\n")) : "0\r\n\r\n");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
