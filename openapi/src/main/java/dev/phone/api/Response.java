// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import jakarta.json.JsonObject;

/** A success. Each operation has a sealed response of its own, so that it cannot answer with a status it does not document. */
public interface Response {

    /** The HTTP status. */
    int status();

    /** The envelope, as JSON. */
    JsonObject json();
}
