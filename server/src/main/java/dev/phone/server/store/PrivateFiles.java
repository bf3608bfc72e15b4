// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Files that hold what nobody else on this machine may read: the database, and the secret beside it. */
public final class PrivateFiles {
    private static final String H2 = "jdbc:h2:";
    private static final String H2_FILE = "mv.db";

    private PrivateFiles() {
    }

    /** The file of an H2 database, without its ending; empty when the database is in none. @param url of JDBC */
    public static Optional<Path> ofH2(String url) {
        String path = url.replaceFirst("^" + H2 + "(?:file:)?", "").replaceFirst(";.*", "");
        return !url.startsWith(H2) || path.matches("[a-z]{2,}:.*") ? Optional.empty()
                : Optional.of(Path.of(path.replaceFirst("^~", System.getProperty("user.home"))));
    }

    /** Makes the file of an H2 database, for its owner alone, unless it is there. H2 would make one that all can read. */
    static void createH2(String url) throws IOException {
        Optional<Path> file = ofH2(url);
        if (file.isPresent()) {
            create(Path.of(file.get() + "." + H2_FILE));
        }
    }

    /** Makes an empty file, for its owner alone, and the directories that it is in. @return whether it was not there */
    public static boolean create(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent(), attributes(posix, "rwx------"));
        }
        try {
            Files.createFile(file, attributes(posix, "rw-------"));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static FileAttribute<?>[] attributes(boolean posix, String permissions) {
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))} : new FileAttribute<?>[0];
    }
}
