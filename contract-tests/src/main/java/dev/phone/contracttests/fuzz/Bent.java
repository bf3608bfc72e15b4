// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.fuzz;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import java.util.List;

/**
 * A mutated request of the contract.
 *
 * @param operation the operation of the original request
 * @param bends descriptions of the mutations
 * @param bytes the bytes to send, one per character
 * @param framed whether its end is unambiguous, so that another request may follow on the connection
 */
record Bent(Operation operation, List<String> bends, String bytes, boolean framed) {
    /** The placeholder for the address of a target. */
    static final String HERE = "{here}";

    /** Whether the head is complete; otherwise it is not a request. */
    boolean isRequest() {
        return bytes.stripLeading().contains("\r\n\r\n");
    }

    String method() {
        int space = bytes.indexOf(' ');
        return space < 0 ? "" : bytes.substring(0, space);
    }

    /** The operation of the mutated request, which may differ from the original's. */
    Operation asked() {
        String[] line = bytes.split("[ ?\r]", 3);
        Operation found = line.length < 3 ? null : TheContract.operation(line[0], line[1]);
        return found == null ? operation : found;
    }

    /** The request as text, with unprintable bytes escaped, and shortened. */
    String printed() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length() && text.length() < 2_000; i++) {
            char c = bytes.charAt(i);
            text.append(c == '\r' ? "\\r" : c == '\n' ? "\\n\n" : c == '\\' ? "\\\\" : c < ' ' || c > '~' ? "\\x%02x".formatted((int) c) : String.valueOf(c));
        }
        return text + (text.length() >= 2_000 ? "… (" + bytes.length() + " bytes)" : "");
    }
}
