// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.PhoneNumber;
import dev.phone.api.User;
import dev.phone.api.UsersService;

/** Tells applications whether a number has an owner, but not who it is. */
public final class UserEndpoint implements UsersService {
    private final NumberStore numbers;

    public UserEndpoint(NumberStore numbers) {
        this.numbers = numbers;
    }

    @Override
    public User getUser(Caller.Application caller, PhoneNumber number) {
        if (!numbers.isClaimed(number)) {
            throw ApiError.notFound();
        }
        return new User(number, true);
    }
}
