// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import jakarta.json.JsonObject;

/** A named response example. @param body as written, with the instants of the demo world */
public record Example(String name, int status, JsonObject body, String as, boolean illustrative) {
}
