// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import dev.phone.api.Caller;
import java.util.List;

/**
 * The stored data for authenticating an application.
 *
 * @param suspended whether the application is suspended
 * @param clientSecretHashes the hashes of the secrets that are valid now: the current one and, during an overlap, the previous one
 * @param outdated whether the API key is stored with an outdated hash
 */
public record StoredCredentials(Caller.Application application, boolean suspended, List<byte[]> clientSecretHashes, boolean outdated) {
}
