// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.contracttests.target.ServerTarget;
import dev.phone.contracttests.target.Target;
import java.util.Map;

class HeadersOnH2Test extends HeadersSuite {
    @Override
    Target start(Map<String, String> config) {
        return ServerTarget.onH2(config);
    }
}
