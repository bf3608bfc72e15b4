// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How many milliseconds a command takes from its start to its first 200. PORT PATH LOG COMMAND... It is killed then. */
final class Ready {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        byte[] request = ("GET " + arguments[1] + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nAuthorization: Bearer dev_alice\r\n"
                + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        // The polling itself should cost no class loading while the clock runs.
        is200(port, request);
        ProcessBuilder builder = new ProcessBuilder(Arrays.asList(arguments).subList(3, arguments.length))
                .redirectErrorStream(true).redirectOutput(Path.of(arguments[2]).toFile());
        long start = System.nanoTime();
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.destroyForcibly();
            process.onExit().join();
        }));
        while (!is200(port, request)) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE) {
                System.err.println("not ready; see " + arguments[2]);
                System.exit(1);
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        System.out.println(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private static boolean is200(int port, byte[] request) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }
}
