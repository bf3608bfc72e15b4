// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.api.ErrorCode;

/** The code that goes with a status. */
final class ApiCode {

    private ApiCode() {
    }

    /** Null for a status that is no error of ours. */
    static String of(int status) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.status() == status) {
                return code.text();
            }
        }
        return null;
    }
}
