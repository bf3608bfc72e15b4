// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** How a mock is to be. Every setter returns the options themselves. */
public final class MockOptions {
    private static final int MAX_PORT = 65_535;

    private int port;
    private String host = "127.0.0.1";
    private Path stubs;
    private Path contract;
    private int delay;
    private Long seed;
    private boolean stateless;
    private boolean journal;
    private boolean limits = !"off".equalsIgnoreCase(System.getenv("PHONE_LIMITS"));
    private Consumer<String> log;

    /** Where it listens; 0, which is the default here, for any free port. */
    public MockOptions port(int value) {
        if (value < 0 || value > MAX_PORT) {
            throw new IllegalArgumentException("there is no port " + value);
        }
        port = value;
        return this;
    }

    /** The address it listens on. The loopback address is the default: a mock has no secrets, and no locks either. */
    public MockOptions host(String value) {
        host = value;
        return this;
    }

    /**
     * A folder of WireMock's: stubs in {@code mappings}, bodies in {@code __files}. They win over the contract, and are read again when
     * they change.
     */
    public MockOptions stubs(Path value) {
        if (value != null && Files.exists(value) && !Files.isDirectory(value)) {
            throw new IllegalArgumentException(value + " is no folder");
        }
        stubs = value;
        return this;
    }

    /** A contract to take instead of the one in the jar: JSON or YAML, one file or the root of many. It is read again when it changes. */
    public MockOptions contract(Path value) {
        contract = value;
        return this;
    }

    /** Milliseconds that every answer waits. */
    public MockOptions delay(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("nothing can wait for " + value + " milliseconds");
        }
        delay = value;
        return this;
    }

    /** Makes IDs, secrets and codes the same each time, as long as the requests are. */
    public MockOptions seed(long value) {
        seed = value;
        return this;
    }

    /** Answers with the contract's examples and remembers nothing. */
    public MockOptions stateless(boolean value) {
        stateless = value;
        return this;
    }

    /** Keeps WireMock's journal of requests, which verifying needs. It costs time and memory, so it is off. */
    public MockOptions journal(boolean value) {
        journal = value;
        return this;
    }

    /** Whether the rate limits count. Unless told, they do when PHONE_LIMITS is not {@code off}. */
    public MockOptions limits(boolean value) {
        limits = value;
        return this;
    }

    /** Is told of every request in a line. */
    public MockOptions log(Consumer<String> value) {
        log = value;
        return this;
    }

    int port() {
        return port;
    }

    String host() {
        return host;
    }

    Path stubs() {
        return stubs;
    }

    Path contract() {
        return contract;
    }

    int delay() {
        return delay;
    }

    Long seed() {
        return seed;
    }

    boolean stateless() {
        return stateless;
    }

    boolean journal() {
        return journal;
    }

    boolean limits() {
        return limits;
    }

    Consumer<String> log() {
        return log;
    }
}
