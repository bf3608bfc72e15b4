// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Files that only their owner may read: the database and the secret beside it. */
public final class PrivateFiles {
    private static final String H2 = "jdbc:h2:";
    private static final String H2_FILE = "mv.db";

    private PrivateFiles() {
    }

    /** The file of an H2 database, without extension; empty if the database is not in a file. @param url the JDBC URL */
    public static Optional<Path> ofH2(String url) {
        String path = url.replaceFirst("^" + H2 + "(?:file:)?", "").replaceFirst(";.*", "");
        return !url.startsWith(H2) || path.matches("[a-z]{2,}:.*") ? Optional.empty()
                : Optional.of(Path.of(path.replaceFirst("^~", System.getProperty("user.home"))));
    }

    /** Creates the file of an H2 database, readable only by its owner, unless it exists. H2 would create a world-readable one. */
    static void createH2(String url) throws IOException {
        Optional<Path> file = ofH2(url);
        if (file.isPresent()) {
            create(Path.of(file.get() + "." + H2_FILE));
        }
    }

    /** Creates an empty file, readable only by its owner, and its directories. @return false if the file already exists */
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
