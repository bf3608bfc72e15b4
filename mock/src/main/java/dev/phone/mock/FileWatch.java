// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Notices that files change. Looks at their times every so often, which works on every file system, containers' mounts included. */
final class FileWatch implements AutoCloseable {
    private static final Duration REST = Duration.ofMillis(500);

    private final Thread thread;

    private FileWatch(Thread thread) {
        this.thread = thread;
    }

    /** @param wanted the files in {@code folder} that matter. @param changed is run after each change of one */
    static FileWatch of(Path folder, Predicate<Path> wanted, Runnable changed) {
        Map<Path, Long> first = times(folder, wanted);
        return new FileWatch(Thread.ofVirtual().name("mock-files").start(() -> {
            Map<Path, Long> known = first;
            while (true) {
                try {
                    Thread.sleep(REST);
                } catch (InterruptedException e) {
                    return;
                }
                Map<Path, Long> now = times(folder, wanted);
                if (!now.equals(known)) {
                    known = now;
                    changed.run();
                }
            }
        }));
    }

    private static Map<Path, Long> times(Path folder, Predicate<Path> wanted) {
        Map<Path, Long> times = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> wanted.test(file) && Files.isRegularFile(file))
                        .forEach(file -> times.put(file, file.toFile().lastModified()));
            } catch (IOException | UncheckedIOException e) {
                // It changes while we look; we look again.
                return Map.of();
            }
        }
        return times;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
