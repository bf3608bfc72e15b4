// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.io.File;
import java.io.FileFilter;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.io.monitor.FileAlterationListenerAdaptor;
import org.apache.commons.io.monitor.FileAlterationMonitor;
import org.apache.commons.io.monitor.FileAlterationObserver;

/** Watches files for changes by polling, which works on every file system, including container mounts. */
final class FileWatch implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 500;

    /** Folders that contain only generated files. */
    private static final Pattern IGNORED = Pattern.compile("\\..*|target|node_modules");

    private final FileAlterationMonitor monitor;

    /**
     * @param wanted selects the files to watch in {@code folder} and its subfolders
     * @param changed called after changes of these files
     */
    FileWatch(Path folder, Predicate<Path> wanted, Runnable changed) {
        FileFilter filter = file -> file.isDirectory() ? !IGNORED.matcher(file.getName()).matches() : wanted.test(file.toPath());
        try {
            FileAlterationObserver observer = FileAlterationObserver.builder().setPath(folder).setFileFilter(filter).get();
            observer.addListener(new Listener(changed));
            monitor = new FileAlterationMonitor(INTERVAL_MILLIS, observer);
            monitor.setThreadFactory(Thread.ofVirtual().name("mock-files").factory());
            monitor.start();
        } catch (Exception e) {
            throw new IllegalStateException("cannot watch " + folder, e);
        }
    }

    /** Calls back once for all changes found in one poll. */
    private static final class Listener extends FileAlterationListenerAdaptor {
        private final Runnable changed;
        private boolean isChanged;

        Listener(Runnable changed) {
            this.changed = changed;
        }

        @Override
        public void onFileCreate(File file) {
            isChanged = true;
        }

        @Override
        public void onFileChange(File file) {
            isChanged = true;
        }

        @Override
        public void onFileDelete(File file) {
            isChanged = true;
        }

        @Override
        public void onStop(FileAlterationObserver observer) {
            if (isChanged) {
                isChanged = false;
                changed.run();
            }
        }
    }

    @Override
    public void close() {
        try {
            monitor.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
