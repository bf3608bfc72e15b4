// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.JsonObject;

/** The contract as it is published: what the sources leave to our own tools is said in a way that every tool reads. */
final class Published {

    private Published() {
    }

    static JsonObject of(JsonObject document) {
        return ErrorSchemas.narrowed(BadRequests.apart(NamedExamples.completed(document)));
    }
}
