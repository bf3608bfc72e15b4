// SPDX-License-Identifier: Apache-2.0

// One honest client, made of the contract by openapi-generator for Go.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math/rand"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	phone "client/generated"
)

func check(holds bool, why ...any) {
	if !holds {
		log.Panicln(why...)
	}
}

// ok takes what Execute returns of a success.
func ok[T any](answer T, _ *http.Response, err error) T {
	check(err == nil, err)
	return answer
}

// refused takes what Execute returns of an error, and returns the body of that.
func refused(status int, response *http.Response, err error) phone.ErrorBody {
	check(err != nil && response != nil && response.StatusCode == status, response, err)
	var answer *phone.GenericOpenAPIError
	check(errors.As(err, &answer), err)
	var envelope phone.ErrorEnvelope
	check(json.Unmarshal(answer.Body(), &envelope) == nil, string(answer.Body()))
	return envelope.Error
}

// isGenuine does what the library of Standard Webhooks does, but for the age of the event.
func isGenuine(secret string, headers map[string]string, body string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	check(err == nil, err)
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", headers["webhook-id"], headers["webhook-timestamp"], body)
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return slices.ContainsFunc(strings.Fields(headers["webhook-signature"]), func(signature string) bool {
		return hmac.Equal([]byte(signature), []byte(expected))
	})
}

func main() {
	configuration := phone.NewConfiguration()
	configuration.Servers = phone.ServerConfigurations{{URL: os.Args[1]}}
	client := phone.NewAPIClient(configuration)
	user := context.WithValue(context.Background(), phone.ContextAccessToken, "dev_carol")

	// A project, an application, a number
	createProject := func(name string) phone.ApiCreateProjectRequest {
		return client.ProjectsAPI.CreateProject(user).CreateProjectRequest(*phone.NewCreateProjectRequest(name))
	}
	created := ok(createProject("Generated").Execute())
	project := created.Data
	application := ok(client.ApplicationsAPI.CreateApplication(user, project.Id).
		CreateApplicationRequest(*phone.NewCreateApplicationRequest("Client", phone.ENVIRONMENT_TEST)).Execute()).Data
	backend := func(clientSecret string) context.Context {
		return context.WithValue(context.Background(), phone.ContextAPIKeys, map[string]phone.APIKey{
			"clientId":     {Key: application.Credentials.ClientId},
			"clientSecret": {Key: clientSecret},
			"apiKey":       {Key: application.Credentials.ApiKey},
		})
	}
	credentials := backend(application.Credentials.ClientSecret)
	phoneNumber := ok(client.NumbersAPI.ClaimNumber(user).
		ClaimNumberRequest(*phone.NewClaimNumberRequest(fmt.Sprint("+999", 100_000_000+rand.Intn(900_000_000)))).Execute()).Data.PhoneNumber

	// A webhook that is an echo bin
	bin := ok(client.SandboxAPI.CreateBin(context.Background()).Execute()).Data
	webhook := ok(client.WebhooksAPI.CreateWebhook(user, application.Id).CreateWebhookRequest(*phone.NewCreateWebhookRequest(bin.Url,
		[]phone.SubscribableEvent{phone.SUBSCRIBABLEEVENT_OTP_SENT, phone.SUBSCRIBABLEEVENT_OTP_VERIFIED})).Execute()).Data

	// An OTP: sent, read, entered wrongly, then rightly
	send := func(to string) phone.ApiSendOtpRequest {
		request := phone.NewSendOtpRequest(to)
		request.SetMetadata(map[string]string{"order": "1"})
		return client.OTPAPI.SendOtp(credentials).SendOtpRequest(*request)
	}
	sent := ok(send(phoneNumber).Execute()).Data
	check(sent.Status == phone.OTPREQUESTSTATUS_PENDING, sent)
	code := ok(client.NumbersAPI.ListMessages(user, phoneNumber).Execute()).Data[0].Code
	verify := func(code string) phone.ApiVerifyOtpRequest {
		return client.OTPAPI.VerifyOtp(credentials).VerifyOtpRequest(*phone.NewVerifyOtpRequest(sent.Id, code))
	}
	other := "000000"
	if code == other {
		other = "000001"
	}
	_, response, err := verify(other).Execute()
	wrong := refused(422, response, err)
	check(wrong.Details.GetReason() == "invalid_code" && wrong.Details.GetAttemptsRemaining() == 4, wrong)
	verified := ok(verify(code).Execute()).Data
	check(verified.Status == phone.OTPREQUESTSTATUS_VERIFIED && verified.VerifiedAt.Get() != nil, verified)

	// A rotation with an overlap: both secrets work
	rotation := phone.NewRotateCredentialRequest(phone.CREDENTIALKIND_CLIENT_SECRET)
	rotation.SetOverlapSeconds(60)
	rotated := ok(client.ApplicationsAPI.RotateCredential(user, application.Id).RotateCredentialRequest(*rotation).Execute()).Data
	for _, secret := range []string{application.Credentials.ClientSecret, rotated.Credentials.GetClientSecret()} {
		credentials = backend(secret)
		read := ok(client.OTPAPI.GetOtp(credentials, sent.Id).Execute())
		check(read.Data.Id == sent.Id, read)
	}

	// The events, and their signatures, which are those of the body as it arrived: a map would lose its order
	var arrived struct {
		Data struct {
			Events []struct {
				Headers map[string]string
				Body    json.RawMessage
			}
		}
	}
	for i := 0; len(arrived.Data.Events) < 2; i++ {
		check(i < 100, "the events arrive within ten seconds")
		time.Sleep(100 * time.Millisecond)
		_, response, err := client.SandboxAPI.GetBin(context.Background(), bin.Id).Execute()
		check(err == nil, err)
		check(json.NewDecoder(response.Body).Decode(&arrived) == nil)
	}
	for _, each := range arrived.Data.Events {
		check(isGenuine(webhook.Secret, each.Headers, string(each.Body)), string(each.Body))
		check(!isGenuine(webhook.Secret, each.Headers, string(each.Body)+" "), "a signature of something else")
		var event phone.OtpEvent
		check(json.Unmarshal(each.Body, &event) == nil && event.Data.OtpRequest.Id == sent.Id, string(each.Body))
	}

	// A list, page by page
	for i := range 3 {
		ok(createProject(fmt.Sprint("Page ", i)).Execute())
	}
	found := map[string]bool{}
	first := "first"
	for cursor := &first; cursor != nil; {
		page := ok(client.ProjectsAPI.ListProjects(user).Limit(2).Cursor(*cursor).Execute())
		for _, each := range page.Data {
			check(!found[each.Id], each)
			found[each.Id] = true
		}
		cursor = page.Meta.NextCursor.Get()
	}
	check(found[project.Id], found)

	// Every class of error; each status has its own code
	var codes []phone.ErrorCode
	_, response, err = client.ProjectsAPI.ListProjects(context.WithValue(context.Background(), phone.ContextAccessToken, "nobody")).Execute()
	codes = append(codes, refused(401, response, err).Code)
	_, response, err = client.ProjectsAPI.GetProject(user, "prj_01kepxpxw0b6vgfeb3c2k3psat").Execute()
	codes = append(codes, refused(404, response, err).Code)
	_, response, err = client.ProjectsAPI.DeleteProject(user, project.Id).Execute()
	codes = append(codes, refused(409, response, err).Code)
	_, response, err = createProject("").Execute()
	codes = append(codes, refused(422, response, err).Code)
	_, response, err = send("+999 000 000 429").Execute()
	codes = append(codes, refused(429, response, err).Code)
	_, response, err = send("+999 000 000 500").Execute()
	codes = append(codes, refused(500, response, err).Code)
	response, err = client.OTPAPI.CallOtp(credentials).Execute()
	codes = append(codes, refused(501, response, err).Code)
	check(fmt.Sprint(codes) == "[UNAUTHENTICATED NOT_FOUND CONFLICT VALIDATION_ERROR RATE_LIMITED INTERNAL_ERROR NOT_IMPLEMENTED]", codes)
	suspension := phone.NewUpdateApplicationRequest()
	suspension.SetStatus(phone.APPLICATIONSTATUS_SUSPENDED)
	ok(client.ApplicationsAPI.UpdateApplication(user, application.Id).UpdateApplicationRequest(*suspension).Execute())
	_, response, err = send(phoneNumber).Execute()
	check(refused(403, response, err).Code == phone.ERRORCODE_FORBIDDEN)
	fmt.Println("go: all steps")
}
