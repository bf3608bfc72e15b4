// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.fuzz;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import java.util.List;

/**
 * A request of the contract that has been bent.
 *
 * @param operation whose request it was
 * @param bends what was done to it, in words
 * @param bytes as they are sent, one for each character
 * @param framed whether it is clear where it ends, so that another request may follow on the connection
 */
record Bent(Operation operation, List<String> bends, String bytes, boolean framed) {
    /** Stands for where a target listens. */
    static final String HERE = "{here}";

    /** Whether there is a whole head, without which there is no request. */
    boolean isRequest() {
        return bytes.stripLeading().contains("\r\n\r\n");
    }

    String method() {
        int space = bytes.indexOf(' ');
        return space < 0 ? "" : bytes.substring(0, space);
    }

    /** The operation that is asked for now, which may be another one. */
    Operation asked() {
        String[] line = bytes.split("[ ?\r]", 3);
        Operation found = line.length < 3 ? null : TheContract.operation(line[0], line[1]);
        return found == null ? operation : found;
    }

    /** With what cannot be printed escaped, and no longer than can be read. */
    String printed() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length() && text.length() < 2_000; i++) {
            char c = bytes.charAt(i);
            text.append(c == '\r' ? "\\r" : c == '\n' ? "\\n\n" : c == '\\' ? "\\\\" : c < ' ' || c > '~' ? "\\x%02x".formatted((int) c) : String.valueOf(c));
        }
        return text + (text.length() >= 2_000 ? "… (" + bytes.length() + " bytes)" : "");
    }
}
