// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Notices that files change. Looks at their times every so often, which works on every file system, containers' mounts included. */
final class FileWatch implements AutoCloseable {
    private static final Duration REST = Duration.ofMillis(500);

    /** Folders in which nobody writes by hand. */
    private static final Pattern ELSEWHERE = Pattern.compile("\\..*|target|node_modules");

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
        try {
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                    return !each.equals(folder) && ELSEWHERE.matcher(each.getFileName().toString()).matches()
                            ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (wanted.test(file)) {
                        times.put(file, attributes.lastModifiedTime().toMillis());
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // It is not ours to read, or it went away while we looked.
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path each, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return times;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
