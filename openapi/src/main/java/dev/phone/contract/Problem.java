// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import java.nio.file.Path;

/**
 * A problem with a contract.
 *
 * @param pointer into the bundled document (RFC 6901)
 * @param message what is wrong and how to fix it
 */
record Problem(Place place, String pointer, String rule, String message) {

    /** One line, beginning with file and line number, which terminals and editors can link. */
    @Override
    public String toString() {
        return place + ": " + rule + ": " + message + (pointer.isEmpty() ? "" : " (#" + pointer + ")");
    }

    /** @param line from 1 */
    record Place(Path file, int line) {
        @Override
        public String toString() {
            Path here = Path.of("").toAbsolutePath();
            Path absolute = file.toAbsolutePath().normalize();
            return (absolute.startsWith(here) ? here.relativize(absolute) : absolute) + ":" + line;
        }
    }
}
