// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import dev.phone.api.Caller;
import java.util.List;

/**
 * What it takes to tell whether a caller is an application.
 *
 * @param suspended whether the application may do nothing for now
 * @param clientSecretHashes of the secrets that are good at this moment: the current one, and while they overlap the one before
 * @param outdated whether the API key is stored in a way in which nothing is stored any more
 */
public record StoredCredentials(Caller.Application application, boolean suspended, List<byte[]> clientSecretHashes, boolean outdated) {
}
