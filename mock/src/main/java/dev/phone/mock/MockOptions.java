// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.util.InetAddressSet;
import picocli.CommandLine.Option;

/**
 * How a mock behaves: in Java, and as the options of the command line. A method sets one option and returns the options themselves; each throws
 * {@link IllegalArgumentException} for a value that makes no sense.
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
    @Option(names = "--port", paramLabel = "PORT", description = "where to listen; 0 for any free port (environment: PHONE_MOCK_PORT)",
            defaultValue = "${env:PHONE_MOCK_PORT:-4010}")
    public MockOptions port(int value) {
        if (value < 0 || value > MAX_PORT) {
            throw new IllegalArgumentException("there is no port " + value);
        }
        port = value;
        return this;
    }

    /** The address to listen on. The default is the loopback address: a mock protects nothing. */
    @Option(names = "--host", paramLabel = "ADDRESS", description = "the address to listen on; 0.0.0.0 for all", defaultValue = "127.0.0.1")
    public MockOptions host(String value) {
        host = value;
        return this;
    }

    /**
     * Addresses and networks, such as {@code 10.0.0.0/8}, that may use the admin API besides this machine. Whoever may use it can read and write
     * files of stubs and make the mock send requests anywhere.
     */
    @Option(names = "--admin-from", paramLabel = "NETWORK", split = ",",
            description = "who may use the admin API besides this machine: addresses and networks, such as 10.0.0.0/8")
    public MockOptions adminFrom(List<String> value) {
        try {
            new InetAddressSet().addAll(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(String.join(",", value) + " are no addresses or networks");
        }
        adminFrom = List.copyOf(value);
        return this;
    }

    /** Names by which the admin API may be called besides localhost and the mock's own addresses, such as that of its container. */
    @Option(names = "--admin-host", paramLabel = "NAME", split = ",",
            description = "by which names the admin API may be called besides localhost and the mock's own addresses")
    public MockOptions adminHosts(List<String> value) {
        adminHosts = List.copyOf(value);
        return this;
    }

    /** The contract to serve: JSON or YAML, one file or the root of many, read again when it changes. Null, the default, for the one in the jar. */
    @Option(names = "--contract", paramLabel = "FILE",
            description = "a contract to serve instead of the one in the jar; read again when it changes")
    public MockOptions contract(Path value) {
        contract = value;
        return this;
    }

    /**
     * A folder with WireMock stubs in {@code mappings} and their bodies in {@code __files}. They win over the contract, and are read again when
     * they change. Null, the default, for none.
     */
    @Option(names = "--stubs", paramLabel = "DIR",
            description = "a folder with WireMock stubs in DIR/mappings, which win over the contract; read again when they change")
    public MockOptions stubs(Path value) {
        if (value != null && Files.exists(value) && !Files.isDirectory(value)) {
            throw new IllegalArgumentException(value + " is no folder");
        }
        stubs = value;
        return this;
    }

    /** How long every response waits, in milliseconds. */
    @Option(names = "--delay", paramLabel = "MS", description = "how many milliseconds every response waits", defaultValue = "0")
    public MockOptions delay(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("nothing can wait for " + value + " milliseconds");
        }
        delay = value;
        return this;
    }

    /** Makes IDs, secrets and codes the same each time, as long as the requests are. */
    @Option(names = "--seed", paramLabel = "N", description = "make IDs, secrets and codes the same on every start")
    public MockOptions seed(long value) {
        seed = value;
        return this;
    }

    /** Whether to answer with the contract's examples and remember nothing. */
    @Option(names = "--stateless", description = "answer with the contract's examples and remember nothing")
    public MockOptions stateless(boolean value) {
        stateless = value;
        return this;
    }

    /** How many of the last requests WireMock's journal holds, for verifying and recording. The default is 1,000; 0 is for no journal. */
    @Option(names = "--journal", paramLabel = "N", description = "how many requests WireMock's journal holds; 0 for no journal",
            defaultValue = "1000")
    public MockOptions journal(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("no journal can hold " + value + " requests");
        }
        journal = value;
        return this;
    }

    /** Whether requests are answered without WireMock while nothing needs it. It is on; off, every request takes the same, slower way. */
    @Option(names = "--no-bypass", defaultValue = "true", fallbackValue = "false", arity = "0",
            description = "send every request through WireMock, even when no stub needs it")
    public MockOptions bypass(boolean value) {
        bypass = value;
        return this;
    }

    /** Whether rate limits count; they do unless told otherwise. */
    public MockOptions limits(boolean value) {
        limits = value;
        return this;
    }

    /** Is told of every request in a line. Null, the default, for nobody. */
    public MockOptions log(Consumer<String> value) {
        log = value;
        return this;
    }
}
