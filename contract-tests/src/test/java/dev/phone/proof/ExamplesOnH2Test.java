// SPDX-License-Identifier: Apache-2.0
package dev.phone.proof;

import java.util.Map;

class ExamplesOnH2Test extends ExamplesSuite {
    @Override
    Target start(Map<String, String> config) {
        return ServerTarget.onH2(config);
    }
}
