// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.util.InetAddressSet;
import picocli.CommandLine.Option;

/**
 * The options of a mock, in Java and on the command line. Each method sets one option and returns {@code this}; it throws
 * {@link IllegalArgumentException} for an invalid value.
 */
public final class MockOptions {
    private static final int MAX_PORT = 65_535;
    private static final int DEFAULT_JOURNAL = 1_000;

    int port;
    String host = "127.0.0.1";
    List<String> adminFrom = List.of();
    List<String> adminHosts = List.of();
    Path contract;
    Path stubs;
    int delay;
    Long seed;
    long sessionBytes = Runtime.getRuntime().maxMemory() / 8;
    boolean stateless;
    int journal = DEFAULT_JOURNAL;
    boolean bypass = true;
    boolean limits = true;
    Consumer<String> log;

    /** The port to listen on; 0, which is the default here, takes any free one. */
    @Option(names = "--port", paramLabel = "PORT", description = "port to listen on; 0 for any free port (environment: PHONE_MOCK_PORT)",
            defaultValue = "${env:PHONE_MOCK_PORT:-4010}")
    public MockOptions port(int value) {
        if (value < 0 || value > MAX_PORT) {
            throw new IllegalArgumentException("there is no port " + value);
        }
        port = value;
        return this;
    }

    /** The address to listen on. The default is the loopback address, because a mock protects nothing. */
    @Option(names = "--host", paramLabel = "ADDRESS", description = "address to listen on; 0.0.0.0 for all", defaultValue = "127.0.0.1")
    public MockOptions host(String value) {
        host = value;
        return this;
    }

    /**
     * Addresses and networks, such as {@code 10.0.0.0/8}, that may also use the admin API. Its users can read and write stub files, and can make the
     * mock send requests anywhere.
     */
    @Option(names = "--admin-from", paramLabel = "NETWORK", split = ",",
            description = "addresses and networks that may use the admin API besides this machine, such as 10.0.0.0/8")
    public MockOptions adminFrom(List<String> value) {
        try {
            new InetAddressSet().addAll(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(String.join(",", value) + " is not a list of addresses or networks");
        }
        adminFrom = List.copyOf(value);
        return this;
    }

    /** Host names under which the admin API may be called besides localhost and the mock's own addresses, such as that of its container. */
    @Option(names = "--admin-host", paramLabel = "NAME", split = ",",
            description = "host names under which the admin API may be called besides localhost and the mock's own addresses")
    public MockOptions adminHosts(List<String> value) {
        adminHosts = List.copyOf(value);
        return this;
    }

    /**
     * The contract to serve: JSON or YAML, one file or the root of several, read again when it changes. Null, the default, for the one in the jar.
     */
    @Option(names = "--contract", paramLabel = "FILE",
            description = "contract to serve instead of the one in the jar; read again when it changes")
    public MockOptions contract(Path value) {
        contract = value;
        return this;
    }

    /**
     * A folder with WireMock stubs in {@code mappings} and their bodies in {@code __files}. They override the contract, and are read again when they
     * change. Null, the default, for none.
     */
    @Option(names = "--stubs", paramLabel = "DIR",
            description = "folder with WireMock stubs in DIR/mappings, which override the contract; read again when they change")
    public MockOptions stubs(Path value) {
        if (value != null && Files.exists(value) && !Files.isDirectory(value)) {
            throw new IllegalArgumentException(value + " is not a folder");
        }
        stubs = value;
        return this;
    }

    /** The delay of every response, in milliseconds. The default is 0. */
    @Option(names = "--delay", paramLabel = "MS", description = "delay of every response, in milliseconds", defaultValue = "0")
    public MockOptions delay(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("the delay must not be negative: " + value);
        }
        delay = value;
        return this;
    }

    /** Makes IDs, secrets and codes repeatable: the same requests get the same values on every start. */
    @Option(names = "--seed", paramLabel = "N", description = "make IDs, secrets and codes the same on every start")
    public MockOptions seed(long value) {
        seed = value;
        return this;
    }

    /** Whether to answer with the contract's examples and store nothing. */
    @Option(names = "--stateless", description = "answer with the contract's examples and store nothing")
    public MockOptions stateless(boolean value) {
        stateless = value;
        return this;
    }

    /** The number of requests that WireMock's journal keeps, for verifying and recording. The default is 1,000; 0 for no journal. */
    @Option(names = "--journal", paramLabel = "N", description = "number of requests that WireMock's journal keeps; 0 for no journal",
            defaultValue = "1000")
    public MockOptions journal(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("the journal must not be negative: " + value);
        }
        journal = value;
        return this;
    }

    /**
     * Whether requests bypass WireMock while nothing needs it. The default is true; with false, every request goes through WireMock, which is slower.
     */
    @Option(names = "--no-bypass", defaultValue = "true", fallbackValue = "false", arity = "0",
            description = "send every request through WireMock, even when no stub needs it")
    public MockOptions bypass(boolean value) {
        bypass = value;
        return this;
    }

    /** Whether rate limits apply. The default is true. */
    public MockOptions limits(boolean value) {
        limits = value;
        return this;
    }

    /** Receives one line per request. Null, the default, for none. */
    public MockOptions log(Consumer<String> value) {
        log = value;
        return this;
    }
}
