// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.sandbox;

import dev.phone.api.ApiError;
import dev.phone.api.Bin;
import dev.phone.api.BinReceipt;
import dev.phone.api.Caller;
import dev.phone.api.SandboxService;
import jakarta.json.JsonValue;
import java.util.Map;

/** Echo bins, for anyone. */
public final class SandboxEndpoint implements SandboxService {
    private final Bins bins;

    public SandboxEndpoint(Bins bins) {
        this.bins = bins;
    }

    @Override
    public Bin createBin(Caller.Anonymous caller) {
        return bins.create();
    }

    @Override
    public BinReceipt deliverToBin(Caller.Anonymous caller, String binId, JsonValue body, Map<String, String> headers) {
        return bins.deliver(binId, headers, body).orElseThrow(ApiError::notFound);
    }

    @Override
    public Bin getBin(Caller.Anonymous caller, String binId) {
        return bins.find(binId).orElseThrow(ApiError::notFound);
    }
}
